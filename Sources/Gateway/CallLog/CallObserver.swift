package import Accounts
import Storage
package import Telemetry
package import Tracing
package import Upstream

/// Notes each call that has ended, to the gateway and to providers: a row of the log, and metrics.
package struct CallObserver: Sendable {
    let log: CallLogService
    /// nil where metrics are not served.
    package let meters: Meters?
    /// nil where traces are not exported.
    package let tracer: (any Tracer)?

    package init(_ log: CallLogService, meters: Meters? = nil, tracer: (any Tracer)? = nil) {
        self.log = log
        self.meters = meters
        self.tracer = tracer
    }

    // MARK: Calls to providers

    package func ended(_ call: ProviderCall) {
        let known = call.notes?.known
        call.notes?.note { facts in
            facts.providerCalls += 1
            facts.providerTime += call.duration
            facts.retries += call.retries
        }
        let integration = known?.integration ?? "none"
        if let meters {
            meters.count(.providerCalls, [integration, call.code])
            meters.time(.providerTime, [integration], call.duration)
            if call.retries > 0 { meters.count(.providerRetries, [integration], by: call.retries) }
            meters.count(.providerBytesSent, [integration], by: call.bytesSent)
            meters.count(.providerBytesReceived, [integration], by: call.bytesReceived)
            if call.notes?.kind == .webhook { meters.count(.webhooks, [call.code == "ok" ? "delivered" : "failed"]) }
        }
        // The log is read by environment; without one no token could see the row.
        guard let environment = call.tenant?.environment ?? known?.environment else { return }
        let isWebhook = call.notes?.kind == .webhook
        log.add(
            CallRecord(
                createdAt: log.now, id: Self.id(call, after: known?.providerCalls ?? 0), environmentID: environment,
                type: isWebhook ? "webhook" : "provider", requestID: isWebhook ? nil : call.notes?.id,
                traceID: call.notes?.trace?.traceID, httpMethod: call.method, host: call.host, resource: known?.resource,
                method: known?.method, integration: known?.integration,
                accountID: call.tenant?.account ?? known?.account, status: call.status.map(Int64.init), code: call.code,
                durationMS: call.duration.milliseconds, bytesIn: Int64(call.bytesReceived),
                bytesOut: Int64(call.bytesSent), retries: Int64(call.retries)))
    }

    private static func id(_ call: ProviderCall, after count: Int) -> String {
        call.notes.map { "\($0.id)-\(count + 1)" } ?? RequestID.make()
    }

    // MARK: What is beside calls

    package func refreshed(_ integration: String, _ succeeded: Bool) {
        meters?.count(.refreshes, [integration, succeeded ? "ok" : "failed"])
    }

    package func transacted(isWrite: Bool, _ duration: Duration, succeeded: Bool) {
        meters?.time(.databaseTime, [isWrite ? "write" : "read", succeeded ? "ok" : "failed"], duration)
        guard let tracer, let context = ServiceContext.current else { return }
        let end = DefaultTracerClock.now
        let nanoseconds = UInt64(max(duration / .nanoseconds(1), 0))
        let start = DefaultTracerClock.Timestamp(nanosecondsSinceEpoch: end.nanosecondsSinceEpoch - nanoseconds)
        let span = tracer.startSpan(isWrite ? "database write" : "database read", context: context, ofKind: .client, at: start)
        if !succeeded { span.setStatus(SpanStatus(code: .error)) }
        span.end(at: end)
    }

    // MARK: Calls to the gateway

    func began() { meters?.change(.inFlight, by: 1) }

    func ended(_ call: EndedCall) {
        let known = call.notes.known
        if let meters {
            meters.change(.inFlight, by: -1)
            let labels = [
                known.integration ?? "none", known.resource ?? "none", known.method ?? "none", call.outcome.rawValue,
            ]
            meters.count(.requests, labels)
            meters.time(.requestTime, labels, call.duration)
            meters.count(.requestBytes, by: call.bytesIn)
            meters.count(.responseBytes, by: call.bytesOut)
            if known.turnWait >= .milliseconds(1) { meters.time(.turnWaits, [known.integration ?? "none"], known.turnWait) }
        }
        guard let environment = known.environment else { return }
        log.add(
            CallRecord(
                createdAt: log.now, id: call.notes.id, environmentID: environment, type: call.type,
                requestID: call.notes.id, traceID: call.notes.trace?.traceID, httpMethod: call.httpMethod,
                route: call.route, resource: known.resource, method: known.method, integration: known.integration,
                accountID: known.account, status: call.status.map(Int64.init), code: call.code,
                durationMS: call.duration.milliseconds,
                providerMS: known.providerCalls > 0 ? known.providerTime.milliseconds : nil, bytesIn: Int64(call.bytesIn),
                bytesOut: Int64(call.bytesOut), retries: Int64(known.retries)))
    }
}

extension Duration {
    fileprivate var milliseconds: Int64 { Int64(self / .milliseconds(1)) }
}
