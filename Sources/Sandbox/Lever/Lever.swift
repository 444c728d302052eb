import HTTPTypes
import Hummingbird
import JSON

/// A pretend Lever with the manners of its Data API v1.
struct Lever: Vendor {
    let core: SandboxCore
    let options: SandboxOptions
    let store: LeverStore
    let oauth: LeverOAuth
    let callers: LeverCallers

    static let headers: HTTPFields = [
        .server: "lever-data-api",
        HTTPField.Name("x-lever-region")!: "global",
    ]

    init(core: SandboxCore, options: SandboxOptions) {
        self.core = core
        self.options = options
        store = LeverStore(core: core)
        oauth = LeverOAuth(options: options, clock: core.clock)
        callers = LeverCallers(options: options, oauth: oauth, clock: core.clock)
    }

    func addRoutes(to router: Router<SandboxContext>) {
        router.add(middleware: LeverNotFoundMiddleware())
        addOAuth(to: router)
        addUploads(to: router)
        addApply(to: router)
        addUsers(to: router)
        // An old candidate id is the id of its opportunity, and its routes are aliases.
        for root in ["v1/opportunities", "v1/candidates"] {
            addOpportunities(to: router, at: root)
            addFiles(to: router, at: "\(root)/:opportunity/files")
            addResumes(to: router, at: "\(root)/:opportunity/resumes")
        }
    }

    /// Adds a route for callers with that permission.
    func on(
        _ router: Router<SandboxContext>, _ method: HTTPRequest.Method, _ path: String, _ permission: String,
        _ work: @escaping @Sendable (LeverCall) async throws -> Response
    ) {
        router.on(RouterPath(path), method: method) { request, context in
            // Decided by the head alone: nothing of the body is read for a caller who may not.
            let access = try callers.admit(request, permission)
            return try await work(
                LeverCall(
                    request: request, exchange: context.exchange, parameters: context.parameters, access: access,
                    lever: self
                ))
        }
    }

    func reset() {
        store.reset()
        oauth.reset()
        callers.reset()
    }
}
