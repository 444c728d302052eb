import Hummingbird

/// The controls under `/_sandbox`, and the vendor everywhere else.
struct SandboxResponder<Controls: HTTPResponder<SandboxContext>>: HTTPResponder {
    let controls: Controls
    let engine: Engine

    func respond(to request: Request, context: SandboxContext) async throws -> Response {
        let path = context.exchange.path
        if path == "/_sandbox" || path.hasPrefix("/_sandbox/") {
            return try await controls.respond(to: request, context: context)
        }
        return try await engine.respond(to: request, context: context)
    }
}
