import Catalog
import HTTPTypes
import JSON
import Logging
import NIOCore
import Upstream

/// A call by its mappings: drives `CallMachine`, which decides, and does what it decides.
struct MappedCall {
    let exchange: ProviderExchange

    init(_ exchange: ProviderExchange) { self.exchange = exchange }

    func perform(_ deliver: (UnifiedAnswer) async throws -> Void) async throws {
        try await Upload.with(exchange) { upload in try await perform(upload, deliver) }
    }

    private func perform(_ upload: Upload, _ deliver: (UnifiedAnswer) async throws -> Void) async throws {
        let format = exchange.parameters.format
        let scope = try exchange.scope(body: upload.body.map(JSONValue.object), remoteData: upload.remoteData)
        try upload.requireFile()
        try upload.requireReference()

        var (machine, action) = try await exchange.evaluation.run {
            try exchange.validate(scope)
            var machine = CallMachine(exchange.plan, scope)
            let action = try machine.start()
            return (machine, action)
        }
        var last: (request: OutgoingRequest, answer: ProviderAnswer)?
        var bytes = 0
        while case .send(var request, let planned) = action {
            let body = try upload.outgoing(request, planned: planned)
            var upstream = try exchange.upstreamRequest(request, body: body.body, contentType: body.contentType)
            exchange.renewing(&upstream) { [machine] context in
                var machine = machine
                return try machine.renewed(context: context)
            }
            let isMain = machine.isMainCall
            try await exchange.sends(request)
            if isMain, format == .raw || format == .stream || exchange.plan.unifiedMethod.answer == .binary {
                let passage = ProviderPassage(exchange, planned)
                return try await passage.send(upstream, request, scope: machine.scope) { answer in
                    try await deliver(stamped(answer, upload))
                }
            }
            let response = try await exchange.send(upstream)
            bytes += response.body.readableBytes
            if let context = exchange.credentials.takeRenewed() {
                let current = machine
                let (next, renewed) = try await exchange.evaluation.run {
                    var next = current
                    let renewed = try next.renewed(context: context)
                    return (next, renewed)
                }
                machine = next
                request = renewed ?? request
            }
            if planned.method.isSuccess(response.status.code) { await exchange.credentials.accepted() }
            let (current, isShown) = (machine, isMain || last == nil)
            let (answer, next, decided) = try await exchange.evaluation.run(response.body.readableBytes) {
                var next = current
                let answer = ProviderExchange.answer(response)
                try ProviderExchange.requireReadable(answer, of: planned.method)
                if let body = try upload.bodyAfterSending() { next.learned(body: .object(body)) }
                let decided = try next.received(answer)
                return (answer, next, decided)
            }
            if isShown { last = (request, answer) }
            machine = next
            action = decided
        }
        guard case .finished(let outcome) = action else { return }
        switch outcome {
        case .fixed(let value): try await deliver(stamped(.json(value, headers: []), upload))
        case .failure(let failure):
            guard let last else { throw APIError(.internalError, "A call failed that was never made") }
            throw await exchange.refusal(failure, last.answer)
        case .page(let page):
            try await OffLoop.run(bytes) {
                try await deliver(stamped(CallReply(exchange).reply(page, last: last), upload))
            }
        }
    }

    /// Adds the file's digest where the caller asked for it, and logs it.
    private func stamped(_ answer: UnifiedAnswer, _ upload: Upload) -> UnifiedAnswer {
        // While an answer streams, the file may still be on its way.
        if case .stream = answer { return answer }
        guard let digest = upload.digest?.field else { return answer }
        exchange.call.logger.info("file passed on", metadata: ["digest": .string(digest)])
        return answer.adding(APIError.Header("file-digest", digest))
    }
}
