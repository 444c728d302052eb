-- wrk: POST a form with a 20 kB PDF. TOKEN and ACCOUNT come from the environment.
local boundary = "----benchmark7f3a9c"
local file = "%PDF-1.4\n" .. string.rep("x", 20000 - 9)
wrk.method = "POST"
wrk.path = "/unified/ats/attachments?integrated_account_id=" .. os.getenv("ACCOUNT")
wrk.headers["Authorization"] = "Bearer " .. os.getenv("TOKEN")
wrk.headers["Content-Type"] = "multipart/form-data; boundary=" .. boundary
wrk.body = "--" .. boundary .. "\r\nContent-Disposition: form-data; name=\"attachment_type\"\r\n\r\nresume\r\n--" .. boundary
  .. "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"resume.pdf\"\r\nContent-Type: application/pdf\r\n\r\n"
  .. file .. "\r\n--" .. boundary .. "--\r\n"
local failed = 0
function response(status) if status ~= 200 and status ~= 201 then failed = failed + 1 end end
