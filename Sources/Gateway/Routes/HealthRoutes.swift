import HTTPTypes
import JSON
import NIOCore
import Unified

/// `/health`: for load balancers and supervisors. `live` says that the process responds, `ready` that calls can be made.
struct HealthRoutes: Sendable {
    let watch: DatabaseWatch

    var routes: [Route] {
        var live = Route(.get, "/health/live", .anyone, "healthLive") { call, _ in
            try await call.responseWriter.send(.json(["status": "ok"]))
        }
        live.isAlwaysServed = true
        return [
            live, Route(.get, "/health/ready", .anyone, "healthReady") { try await ready($0, $1) },
            Route(.get, "/health", .anyone, "health") { try await ready($0, $1) },
        ]
    }

    private func ready(_ call: Call, _: Caller) async throws {
        try await watch.checkReady()
        try await call.responseWriter.send(.json(["status": "ok", "database": "ok"]))
    }

    /// Whether a request is for one of these routes, by its target alone.
    static func isProbe(_ target: String) -> Bool {
        target == "/health" || target == "/health/live" || target == "/health/ready"
    }
}
