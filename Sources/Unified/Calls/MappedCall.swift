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

    func perform(_ deliver: (UnifiedResponse) async throws -> Void) async throws {
        try await Upload.with(exchange) { upload in
            var handover: FileHandover?
            do {
                try await perform(upload, &handover, deliver)
            } catch {
                throw await handover?.failed(error, upload.log) ?? error
            }
            await handover?.ended(upload.log)
        }
    }

    private func perform(
        _ upload: Upload, _ handover: inout FileHandover?, _ deliver: (UnifiedResponse) async throws -> Void
    ) async throws {
        let format = exchange.parameters.format
        let scope = try exchange.scope(body: upload.body.map(JSONValue.object), remoteData: upload.remoteData)
        try upload.requireFile()
        try upload.requireReference()
        if let saga = exchange.plan.saga, !exchange.call.isStep, let part = saga.beyondOwnCall(upload.body ?? [:]).first {
            throw APIError(
                .invalidQueryParameter, "\(part) needs calls of its own, which have no one response to pass on",
                param: "truto_response_format", hint: "Ask for unified or normalized")
        }

        var (machine, action) = try await exchange.evaluation.run {
            try exchange.validate(scope)
            var machine = CallMachine(exchange.plan, scope)
            let action = try machine.start()
            return (machine, action)
        }
        /// What the debug format shows: the main call; before there is one, the first step.
        var shown: (request: OutgoingRequest, response: ProviderResponse)?
        /// The call that a failure belongs to. An earlier step's response may hold a secret for the next step.
        var newest: (request: OutgoingRequest, response: ProviderResponse)?
        var bytes = 0
        let started = ContinuousClock.now
        while case .send(var request, let planned) = action {
            if handover == nil { handover = try await upload.handover(request, planned) }
            let link = handover?.address
            var upstream = try self.upstream(request, planned, upload, link)
            if handover?.writing != nil { upstream.limits = exchange.service.limits.fetchTime }
            let renewal = RenewedCall()
            exchange.renewing(&upstream, request) { [machine] context in
                var machine = machine
                guard let request = try machine.renewed(context: context) else { return nil }
                renewal.set(machine, request)
                return try self.upstream(request, planned, upload, link)
            }
            let isMain = machine.isMainCall
            let turns = try await exchange.sends(planned.method, isMain: isMain)
            defer { turns.end() }
            let isFile = exchange.plan.unifiedMethod.response == .binary
            if isMain, format == .raw || format == .stream || isFile {
                let passage = ResponsePassthrough(exchange, planned)
                let refusal = try await passage.send(upstream, request, scope: machine.scope) { response in
                    // Before anything is sent to the caller: the rest of the body may still be refused.
                    try await handover?.settle()
                    try await deliver(stamped(response, upload))
                }
                try await handover?.settle()
                guard let refusal else { return }
                if let renewed = renewal.value { (machine, request) = renewed }
                newest = (request, refusal)
                shown = newest
                if let again = try await inNewSession(&machine, request, refusal, planned, upstream) {
                    action = again
                    continue
                }
                (machine, action) = try await exchange.evaluation.run { [machine] in
                    var next = machine
                    let decided = try next.received(refusal)
                    return (next, decided)
                }
                continue
            }
            let (parsed, length) = try await received(upstream, planned)
            turns.end()
            try await handover?.settle()
            bytes += length
            if let renewed = renewal.value { (machine, request) = renewed }
            if let again = try await inNewSession(&machine, request, parsed, planned, upstream) {
                action = again
                continue
            }
            if request.isAtOwnHost, planned.method.isSuccess(parsed.status) { await exchange.credentials.accepted() }
            newest = (request, parsed)
            if isMain || shown == nil { shown = newest }
            let current = machine
            let (next, decided) = try await exchange.evaluation.run(length) {
                var next = current
                try exchange.requireReadable(parsed, of: planned.method)
                if let body = try upload.bodyAfterSending() { next.learned(body: .object(body)) }
                next.mayReadOn = ContinuousClock.now - started < exchange.service.limits.filterTime
                let decided = try next.received(parsed)
                return (next, decided)
            }
            machine = next
            action = decided
        }
        guard case .finished(let outcome) = action else { return }
        switch outcome {
        case .fixed(let value): try await deliver(stamped(.json(ByteBuffer(bytes: value.bytes()), headers: [:]), upload))
        case .failure(let failure):
            // Every source was left out: no call was needed to see that there is no such record.
            guard let newest else { throw APIError(.notFound, failure.message) }
            throw await exchange.refusal(failure, of: newest.request, newest.response)
        case .refused(let refusal): throw APIError(exchange.plan.fault(refusal, query: scope.query))
        case .page(let page):
            let reply = try await exchange.evaluation.run(bytes) { [bytes, shown, machine] in
                let warnings = UnreadWarnings(exchange).entries(
                    body: machine.callerBody, dropsRemoteData: machine.dropsRemoteData)
                return try ResponseRenderer(exchange).reply(page, shown: shown, warnings: warnings, bytes: bytes)
            }
            try await deliver(stamped(reply, upload))
        }
    }

    /// Sends a request. The returned value owns the bytes of the response.
    private func received(
        _ upstream: UpstreamRequest, _ planned: PlannedCall
    ) async throws -> (response: ProviderResponse, bytes: Int) {
        let response = try await exchange.send(upstream)
        return (ProviderResponse(response, of: planned.method), response.body.readableBytes)
    }

    /// The call once more, in a new session, where the vendor's response says that the old one has ended: once, and whole.
    private func inNewSession(
        _ machine: inout CallMachine, _ request: OutgoingRequest, _ response: ProviderResponse, _ planned: PlannedCall,
        _ sent: UpstreamRequest
    ) async throws -> CallMachine.Action? {
        guard request.isAtOwnHost else { return nil }
        let integration = exchange.plan.integration
        let method = exchange.call.account.authenticationMethod
        guard integration.session(for: method) != nil else { return nil }
        let hasEnded = try await exchange.evaluation.run {
            try integration.saysSessionEnded(response, to: planned.method, authenticationMethod: method)
        }
        guard hasEnded else { return nil }
        guard sent.body.isReplayable else {
            // The next call is to have a new one.
            _ = await exchange.credentials.refused()
            return nil
        }
        guard let context = await exchange.credentials.renew() else { return nil }
        let (next, request) = try await exchange.evaluation.run { [machine] in
            var next = machine
            let request = try next.renewed(context: context)
            return (next, request)
        }
        machine = next
        return request.map { .send($0, planned) }
    }

    private func upstream(
        _ request: OutgoingRequest, _ planned: PlannedCall, _ upload: Upload, _ link: String?
    ) throws -> UpstreamRequest {
        let body = try upload.outgoing(request, planned: planned, link: link)
        var upstream = try exchange.upstreamRequest(request, body: body.body, contentType: body.contentType)
        upstream.isIdempotent = planned.method.idempotent
        return upstream
    }

    /// Adds the file's digest where the caller asked for it, and logs it.
    private func stamped(_ response: UnifiedResponse, _ upload: Upload) -> UnifiedResponse {
        // While a response streams, the file may still be on its way.
        if case .stream = response { return response }
        guard let digest = upload.digest?.field else { return response }
        exchange.call.logger.info("file passed on", metadata: ["digest": .string(digest)])
        return response.adding([.fileDigest: digest])
    }
}

extension HTTPField.Name {
    fileprivate static let fileDigest = Self("file-digest")!
}
