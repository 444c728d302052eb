-- wrk: GET a list. TOKEN and TARGET come from the environment.
wrk.method = "GET"
wrk.path = os.getenv("TARGET")
wrk.headers["Authorization"] = "Bearer " .. os.getenv("TOKEN")
