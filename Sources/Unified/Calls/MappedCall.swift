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
        var progress = try await exchange.evaluation.run { try begin(upload, format) }
        /// What the debug format shows: the main call; before there is one, the first step.
        var shown: CompletedCall?
        /// The call that a failure belongs to. An earlier step's response may hold a secret for the next step.
        var newest: CompletedCall?
        var bytes = 0
        let started = ContinuousClock.now
        while case .send(var request, let planned) = progress.action {
            if handover == nil { handover = try await upload.handover(request, planned) }
            let link = handover?.address
            var upstream = try self.upstream(request, planned, upload, link)
            if handover?.writing != nil { upstream.limits = exchange.service.limits.fetchTime }
            let renewal = RenewedCall()
            exchange.renewing(&upstream, request) { [progress] context in
                let (renewed, request) = try progress.renewed(context: context, planned)
                guard let request else { return nil }
                renewal.set(renewed, request)
                return try self.upstream(request, planned, upload, link)
            }
            let isMain = progress.isMainCall
            let turns = try await exchange.sends(planned.method, isMain: isMain)
            defer { turns.end() }
            let isFile = exchange.plan.unifiedMethod.response == .binary
            if isMain, format == .raw || format == .stream || isFile {
                let passage = ResponsePassthrough(exchange, planned)
                let refusal = try await passage.send(upstream, request, scope: progress.machine.scope) { response in
                    // Before anything is sent to the caller: the rest of the body may still be refused.
                    try await handover?.settle()
                    try await deliver(stamped(response, upload))
                }
                try await handover?.settle()
                guard let refusal else { return }
                if let renewed = renewal.value { (progress, request) = renewed }
                newest = CompletedCall(request, refusal)
                shown = newest
                if try await inNewSession(&progress, request, refusal, planned, upstream) { continue }
                progress = try await exchange.evaluation.run { [progress] in try progress.received(refusal) }
                continue
            }
            let (parsed, length) = try await received(upstream, planned)
            turns.end()
            try await handover?.settle()
            bytes += length
            if let renewed = renewal.value { (progress, request) = renewed }
            if try await inNewSession(&progress, request, parsed, planned, upstream) { continue }
            if request.isAtOwnHost, planned.method.isSuccess(parsed.status) { await exchange.credentials.accepted() }
            newest = CompletedCall(request, parsed)
            if isMain || shown == nil { shown = newest }
            progress = try await exchange.evaluation.run(length) { [progress] in
                try exchange.requireReadable(parsed, of: planned.method)
                return try progress.received(parsed) { machine in
                    if let body = try upload.bodyAfterSending() { machine.learned(body: .object(body)) }
                    machine.mayReadOn = ContinuousClock.now - started < exchange.service.limits.filterTime
                }
            }
        }
        guard case .finished(let outcome) = progress.action else { return }
        switch outcome {
        case .fixed(let value): try await deliver(stamped(.json(ByteBuffer(bytes: value.bytes()), headers: [:]), upload))
        case .failure(let failure):
            // Every source was left out: no call was needed to see that there is no such record.
            guard let newest else { throw APIError(.notFound, failure.message) }
            throw await exchange.refusal(failure, of: newest.request, newest.response)
        case .refused(let refusal): throw APIError(exchange.plan.fault(refusal, query: exchange.parameters.query))
        case .page(let page):
            let reply = try await exchange.evaluation.run(bytes) { [bytes, shown, progress] in
                let warnings = UnreadWarnings(exchange).entries(
                    body: progress.callerBody, dropsRemoteData: progress.dropsRemoteData)
                return try ResponseRenderer(exchange).reply(page, shown: shown, warnings: warnings, bytes: bytes)
            }
            try await deliver(stamped(reply, upload))
        }
    }

    /// Checks the call, and works out the first request.
    ///
    /// The input stays in here: it is large, and a frame that held it across a wait would copy it.
    private func begin(_ upload: Upload, _ format: ResponseFormat) throws -> CallProgress {
        let scope = try exchange.scope(body: upload.body.map(JSONValue.object), remoteData: upload.remoteData)
        try upload.requireFile()
        try upload.requireReference()
        if let saga = exchange.plan.saga, !exchange.call.isStep, let part = saga.beyondOwnCall(upload.body ?? [:]).first {
            throw APIError(
                .invalidQueryParameter, "\(part) needs calls of its own, which have no one response to pass on",
                param: "truto_response_format", hint: "Ask for unified or normalized")
        }
        try exchange.validate(scope)
        return try CallProgress(exchange.plan, scope)
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
        _ progress: inout CallProgress, _ request: OutgoingRequest, _ response: ProviderResponse, _ planned: PlannedCall,
        _ sent: UpstreamRequest
    ) async throws -> Bool {
        guard request.isAtOwnHost else { return false }
        let integration = exchange.plan.integration
        let method = exchange.call.account.authenticationMethod
        guard integration.session(for: method) != nil else { return false }
        let hasEnded = try await exchange.evaluation.run {
            try integration.saysSessionEnded(response, to: planned.method, authenticationMethod: method)
        }
        guard hasEnded else { return false }
        guard sent.body.isReplayable else {
            // The next call is to have a new one.
            _ = await exchange.credentials.refused()
            return false
        }
        guard let context = await exchange.credentials.renew() else { return false }
        let (next, request) = try await exchange.evaluation.run { [progress] in
            try progress.renewed(context: context, planned)
        }
        progress = next
        return request != nil
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
