import Hummingbird
import JSON

extension Lever {
    func addUsers(to router: Router<SandboxContext>) {
        on(router, .get, "v1/users", "users:read") { call in
            let email = call.query["email"]
            let all = call.query["includeDeactivated"] == "true"
            let users = store.read { $0.users }.filter { user in
                (all || user.deactivatedAt == nil) && (email == nil || user.email == email)
            }
            let rows = users.map { LeverList.Row(id: $0.id, time: LeverSeed.createdAt, json: $0.json) }
            return call.answer(try LeverList.page(rows, call.query))
        }
        on(router, .get, "v1/users/:user", "users:read") { call in
            let id = call.parameter("user")
            guard let user = store.read({ $0.users.first { $0.id == id } }) else {
                throw LeverError.notFound("The user \(id) does not exist")
            }
            return call.answer(["data": user.json])
        }
    }
}
