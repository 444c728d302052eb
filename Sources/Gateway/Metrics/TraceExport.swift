import HTTPTypes
package import Logging
import NIOCore
import ServiceLifecycle
package import Telemetry
import Upstream

/// Sends spans to an OpenTelemetry collector, over a connection of its own.
package struct TraceExport: Service {
    private let exporter: OTLPExporter
    private let upstream: Upstream

    /// - Parameter endpoint: such as `http://127.0.0.1:4318/v1/traces`.
    /// - Throws: `UpstreamError` where that is no address.
    package init(endpoint: String, queue: SpanQueue, logger: Logger) throws {
        let url = try TargetURL(endpoint)
        // The operator names it: a collector is most often on a private address, and speaks plain HTTP.
        let policy = EgressPolicy(allowsHTTP: true, holes: [try EgressAllowlistEntry(url.hostText)])
        let upstream = Upstream(.init(egress: policy))
        self.upstream = upstream
        exporter = OTLPExporter(queue: queue, version: AttacheVersion.current, logger: logger) { document in
            let request = UpstreamRequest(
                method: .post, url: endpoint, headers: [.contentType: "application/json"],
                body: .bytes(ByteBuffer(bytes: document)),
                // A collector that does not respond must not hold up the gateway's end.
                limits: UpstreamLimits(total: .seconds(5), connect: .seconds(2)))
            let response = try await upstream.send(request, upTo: 1 << 20)
            guard response.status.kind == .successful else { throw NotTaken(status: response.status.code) }
        }
    }

    /// Sends what waits now.
    package func flush() async { await exporter.finish() }

    /// Until the gateway has ended, and then once more.
    package func run() async throws {
        await cancelWhenGracefulShutdown { await exporter.run() }
        await exporter.finish()
        upstream.shutdown()
    }

    private struct NotTaken: Error {
        let status: Int
    }
}
