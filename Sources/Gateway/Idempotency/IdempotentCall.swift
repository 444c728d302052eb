import Accounts
import HTTPTypes
import JSON
import Logging
import NIOCore
import Storage
import Unified

/// A unified write with an `Idempotency-Key`: carried out once; repeats get the same response (docs/wire.md#idempotency).
struct IdempotentCall {
    let call: Call
    let key: IdempotencyKey
    let service: IdempotencyService

    /// nil where the caller sent no key.
    ///
    /// - Throws: `invalid_idempotency_key`.
    init?(_ call: Call, _ service: IdempotencyService) throws(APIError) {
        guard let field = call.headers[.idempotencyKey] else { return nil }
        guard let key = IdempotencyKey(field) else {
            throw APIError(
                .invalidIdempotencyKey, "Idempotency-Key must be 1 to \(IdempotencyKey.longest) printable characters",
                param: "idempotency-key")
        }
        (self.call, self.key, self.service) = (call, key, service)
    }

    func perform(_ given: UnifiedCall, by unified: UnifiedService) async throws {
        let fingerprint = BodyFingerprint(
            query: call.rawQuery, contentType: call.headers[.contentType],
            contentDisposition: call.headers[.contentDisposition],
            length: given.body == nil ? 0 : given.body?.contentLength)
        var hashed = given
        if let body = given.body { hashed.body?.chunks = Self.chunks(body.chunks, fingerprint) }
        let scope = IdempotencyService.Scope(
            account: given.account.id, environment: given.account.environmentID, method: call.head.method.rawValue,
            path: "/" + call.path.joined(separator: "/"))
        // Nothing has been sent yet, so that without the database the caller may know at once.
        switch try await StoragePatience.$isShort.withValue(true, operation: { try await service.claim(key, scope) }) {
        case .running:
            throw APIError(.idempotencyKeyInUse, "The first call with this Idempotency-Key has not ended")
                .header("retry-after", "1")
        case .unknown:
            throw APIError(
                .outcomeUnknown, "A call with this Idempotency-Key was sent, and its outcome is not known",
                hint: "Look at the provider, or list, before you send it again with another key")
        case .done(let known, let response):
            try await replay(response, known: known, hashed.body, fingerprint)
        case .mine(let write):
            try await carryOut(hashed, by: unified, write, fingerprint)
        case .unfinished(let write, let progress):
            try await carryOut(hashed, by: unified, write, fingerprint, earlier: progress)
        }
    }

    private static func chunks<Base>(_ base: Base, _ fingerprint: BodyFingerprint) -> InboundBody.Chunks
    where Base: AsyncSequence<ByteBuffer, any Error> & Sendable {
        BodyFingerprint.Chunks(base: base, fingerprint: fingerprint)
    }

    private func replay(
        _ response: StoredResponse, known: String, _ body: InboundBody?, _ fingerprint: BodyFingerprint
    ) async throws {
        if let body { for try await _ in body.chunks {} }
        guard fingerprint.value == known else {
            throw APIError(
                .idempotencyKeyReused, "This Idempotency-Key was used for another call", param: "idempotency-key",
                hint: "Use a new key for a new call")
        }
        guard let bytes = response.body else {
            throw APIError(.outcomeUnknown, "The call was carried out; its response was too large to be kept")
        }
        var reply = Reply(
            status: .init(code: response.status), headers: response.headers, body: ByteBuffer(bytes: bytes))
        reply.headers[.idempotencyReplayed] = "true"
        try await call.responseWriter.send(reply)
    }

    private func carryOut(
        _ given: UnifiedCall, by unified: UnifiedService, _ write: IdempotentWrite, _ fingerprint: BodyFingerprint,
        earlier: JSONObject? = nil
    ) async throws {
        let log = IdempotentSagaLog(write, fingerprint, kept: earlier)
        var unifiedCall = given
        unifiedCall.sagaLog = log
        // A response that is to be kept cannot be passed on unread.
        if unifiedCall.parameters.format == .stream { unifiedCall.parameters.format = .raw }
        unifiedCall.willSend = {
            do throws(AccountsError) { try await write.sends() } catch {
                guard error.code == .inUse else { throw error }
                throw APIError(.idempotencyKeyInUse, error.message).header("retry-after", "1")
            }
        }
        var hasEnded = false
        do {
            try await unified.perform(unifiedCall) { response in
                // Only what writes nothing is still streamed: a file that is fetched.
                guard let reply = Reply(response) else { return try await call.responseWriter.deliver(response) }
                await end(write, log.isUnfinished ? .unfinished : .answered, fingerprint, reply)
                hasEnded = true
                try await call.responseWriter.send(reply)
            }
            if !hasEnded { await end(write, .refused, fingerprint) }
        } catch {
            let ending = log.isUnfinished ? .unfinished : IdempotencyMachine.Ending(error)
            if !hasEnded { await end(write, ending, fingerprint, reply(to: error)) }
            throw error
        }
    }

    private func reply(to error: any Error) -> Reply? {
        guard let error = error as? APIError else { return nil }
        return .error(error, requestID: call.id, accept: call.headers[.accept])
    }

    /// In a task of its own: a client that has gone away must not keep the ending from being stored.
    private func end(
        _ write: IdempotentWrite, _ ending: IdempotencyMachine.Ending, _ fingerprint: BodyFingerprint,
        _ reply: Reply? = nil
    ) async {
        let kept = reply.map { reply in
            StoredResponse(
                status: reply.status.code, headers: reply.headers, body: Array(buffer: reply.body))
        }
        await Task { [logger = call.logger] in
            do { try await write.ended(ending, fingerprint: fingerprint.value, response: kept) } catch {
                // A repeat of the call is told that the outcome is unknown, which is true.
                logger.warning("The end of an idempotent call was not stored", metadata: ["error": "\(error)"])
            }
        }.value
    }
}

extension IdempotencyMachine.Ending {
    /// What an error of a call says about what the provider has.
    init(_ error: any Error) {
        guard let error = error as? APIError else {
            self = .uncertain
            return
        }
        switch error.code {
        case .outcomeUnknown, .internalError: self = .uncertain
        case .mappingFailed: self = .answered
        default: self = error.remote == nil ? .refused : .answered
        }
    }
}

extension HTTPField.Name {
    static let idempotencyKey = Self("idempotency-key")!
    static let idempotencyReplayed = Self("idempotency-replayed")!
}
