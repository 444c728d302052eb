import HTTPTypes
import Hummingbird
import JSON
import Logging
import NIOCore

/// Answers a request: by its scripted behaviour where one applies, by the vendor's routes otherwise.
struct ExchangeResponder<Routes: HTTPResponder<SandboxContext>>: HTTPResponder {
    let core: SandboxCore
    let routes: Routes

    func respond(to request: Request, context: ConnectionContext) async throws -> Response {
        guard let id = request.headers[.sandboxExchange].flatMap({ Int($0) }),
            let exchange = core.journal.claim(id)
        else { return Response(status: .internalServerError) }
        // What was stored is held by the vendor from here on.
        defer { exchange.release() }

        var response = try await response(request, exchange, context)
        exchange.answered(response.status.code)
        if let action = exchange.action, action.affectsResponse(of: exchange) {
            try await slow(&response, exchange, action.transfer, context.channel)
        }
        if exchange.action?.closes == true { closeAfterwards(&response, context.channel) }
        return response
    }

    private func response(
        _ request: Request, _ exchange: Exchange, _ context: ConnectionContext
    ) async throws -> Response {
        if exchange.action?.holds == true {
            await core.connections.waitForRelease(of: context.channel, since: exchange.releases)
            guard core.connections.releases != exchange.releases else { throw CancellationError() }
        }
        let delay = Duration.milliseconds(exchange.action?.delayMilliseconds ?? 0)
        guard let action = exchange.action, let status = action.status else {
            let source = SandboxContext.Source(exchange: exchange, logger: context.logger)
            let response = try await routes.respond(to: request, context: SandboxContext(source: source))
            // After the vendor has done its work: the client does not learn in time that it was done.
            try await Task.sleep(for: delay)
            return response
        }
        if action.readsBody { for try await _ in request.body {} }
        try await Task.sleep(for: delay)
        return action.response(status: status)
    }

    /// Plays the transfer rule on the response; at byte 0 not even the head leaves.
    private func slow(
        _ response: inout Response, _ exchange: Exchange, _ transfer: BehaviourAction.Transfer, _ channel: any Channel
    ) async throws {
        if transfer.resetAtByte == 0 {
            channel.reset()
            throw CancellationError()
        }
        let connections = core.connections
        let stall: @Sendable () async -> Void = {
            await connections.waitForRelease(of: channel, since: exchange.releases)
        }
        if transfer.stallAtByte == 0 { await stall() }
        let body = response.body
        response.body = ResponseBody(contentLength: body.contentLength) { writer in
            try await body.write(
                TransferWriter(parent: writer, transfer: transfer, stall: stall, reset: { channel.reset() })
            )
        }
    }

    private func closeAfterwards(_ response: inout Response, _ channel: any Channel) {
        response.headers[.connection] = "close"
        let body = response.body
        response.body = ResponseBody(contentLength: body.contentLength) { writer in
            try await body.write(writer)
            channel.close(promise: nil)
        }
    }
}

extension BehaviourAction {
    fileprivate func response(status: Int) -> Response {
        var fields = HTTPFields()
        var bytes: [UInt8] = []
        switch body {
        case .string(let text)?: bytes = Array(text.utf8)
        case let value?:
            bytes = value.bytes()
            fields[.contentType] = "application/json; charset=utf-8"
        case nil: break
        }
        for (name, value) in headers {
            if let name = HTTPField.Name(name) { fields[name] = value }
        }
        return Response(
            status: .init(code: status), headers: fields, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
        )
    }
}
