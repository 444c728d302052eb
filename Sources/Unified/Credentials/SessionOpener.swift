import Accounts
import Catalog
import JSON
import Upstream

/// Opens sessions: drives `SessionMachine`.
struct SessionOpener: Sendable {
    let sender: StepSender

    /// - Returns: the session's members.
    /// - Throws: `OAuthFailure`. Its message is the vendor's, and none of the credentials is in it.
    func open(
        _ integration: Integration, _ session: Session, context: JSONObject, authenticationMethod: String?
    ) async throws -> Secret<JSONObject> {
        var machine = SessionMachine(integration, session, context: context, authenticationMethod: authenticationMethod)
        do {
            var next = try machine.start()
            while case .send(let request, let call) = next {
                next = try machine.received(try await sender.send(request, call.method))
            }
            guard case .finished(let outcome) = next else { throw OAuthFailure("session_failed", "no session came") }
            switch outcome {
            case .opened(let members): return Secret(members)
            case .refused(let failure): throw Self.failure(failure)
            }
        } catch let failure as OAuthFailure {
            throw failure
        } catch let error as UpstreamError where error.code != .egressRefused && error.code != .invalidRequest {
            throw OAuthFailure("no_answer", "the vendor did not answer when a session was to be opened")
        } catch let error as CatalogError where error.code != .invalidHeader {
            // The message may quote the text around a placeholder; its own name is no secret.
            let reason = error.placeholder.map { "'{{\($0)}}' has no value" } ?? "the definition's steps do not work out"
            throw OAuthFailure("session_failed", "a session cannot be opened: \(reason)")
        } catch {
            throw OAuthFailure("session_failed", "a session cannot be opened at the address that the definition gives")
        }
    }

    private static func failure(_ failure: ProviderFailure) -> OAuthFailure {
        let message = failure.message.isEmpty ? "the vendor refused to open a session" : failure.message
        let code =
            switch failure.status {
            case 401, 403: "credentials_refused"
            case 429, 500...: "no_answer"
            default: "session_failed"
            }
        return OAuthFailure(code, message, status: failure.status)
    }
}

extension ResolvedAccount {
    /// How this account's session is opened; nil where its integration has none.
    func sessionOpening(_ catalog: Catalog, _ opener: SessionOpener) throws -> SessionOpening? {
        let method = account.authenticationMethod
        // Most accounts: the definition alone says that there is none.
        let overrides = [environmentOverride, integrationOverride]
        if overrides.allSatisfy({ $0.exposed()["session"] == nil }),
            try catalog.integration(account.integration).session(for: method) == nil
        {
            return nil
        }
        let call = CallAccount(self)
        let integration = try catalog.integration(
            call.integration, environmentOverrides: call.environmentOverrides, accountOverrides: call.accountOverrides)
        guard let session = integration.session(for: method) else { return nil }
        return {
            try await opener.open(integration, session, context: call.context, authenticationMethod: method)
        }
    }
}
