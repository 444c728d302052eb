import Accounts
package import Catalog
import JSON
import NIOCore
import Upstream

/// Why an integration's actions did not go through.
package struct ActionFailure: Error, Sendable {
    package var action: Action.Name
    /// What an API caller is answered with.
    package var error: APIError

    /// Whether the provider refused the credentials, as opposed to the call.
    package var refusesCredentials: Bool { error.remote != nil && (error.status == 401 || error.status == 403) }
}

/// Runs an integration's actions: drives `ActionMachine`.
struct ActionRunner {
    let upstream: Upstream
    let limits: UnifiedService.Limits

    /// Whose actions are run, and with what.
    struct Account: Sendable {
        var environment: String
        /// The account's id; before there is one, whatever tells it from others of its environment.
        var id: String
        var context: JSONObject
        /// What of the context overrides may see.
        var openContext: JSONObject
        var authenticationMethod: String
    }

    /// - Returns: the members that steps add to the account's context.
    /// - Throws: `ActionFailure`.
    func run(
        _ integration: Integration, for account: Account
    ) async throws(ActionFailure) -> JSONObject {
        var context = account.context
        if let session = integration.session(for: account.authenticationMethod), context["session"]?.object == nil {
            // What made no session before is to be said as the vendor says it.
            do {
                let members = try await SessionOpener(sender: sender(.none)).open(
                    integration, session, context: context, authenticationMethod: account.authenticationMethod)
                context["session"] = .object(members.exposed())
            } catch {
                throw ActionFailure(action: .validation, error: Self.apiError(error))
            }
        }
        let secrets = SecretMask(SecretTexts.of(context, without: account.openContext))
        let sender = sender(secrets)
        var machine = ActionMachine(
            integration, context: context, openContext: account.openContext, secrets: secrets,
            authenticationMethod: account.authenticationMethod)
        let evaluation = CallEvaluation(
            environment: account.environment, account: account.id,
            isOverridden: !integration.overriddenExpressions.isEmpty, cost: nil,
            limits: limits.mapping(in: account.environment))
        do {
            var next: ActionMachine.Next
            (machine, next) = try await evaluation.run { [machine] in
                var machine = machine
                let next = try machine.start()
                return (machine, next)
            }
            var last: ProviderResponse?
            while case .send(let request, let call) = next {
                let response = try await sender.send(request, call.method)
                last = response
                (machine, next) = try await evaluation.run { [machine] in
                    var machine = machine
                    let next = try machine.received(response)
                    return (machine, next)
                }
            }
            switch next {
            case .finished(.done(let context)): return context
            case .finished(.refused(_, let failure)):
                throw APIError(failure, response: last, secrets: secrets)
            case .send: return [:]
            }
        } catch {
            throw ActionFailure(action: machine.current, error: Self.apiError(error))
        }
    }

    /// - Parameter secrets: of the account.
    func sender(_ secrets: SecretMask) -> StepSender {
        StepSender(
            upstream: upstream, time: limits.callTime, maxResponseBytes: limits.maxResponseBytes, secrets: secrets)
    }

    /// The vendor's refusal to open a session, as one of a call.
    private static func sessionError(_ failure: OAuthFailure) -> APIError {
        guard let status = failure.status else { return APIError(.badProviderResponse, failure.message) }
        var error = APIError(.remoteError, failure.message)
        error.status = status
        error.remote = RemoteFailure(rawResponse: .null)
        return error
    }

    static func apiError(_ error: any Error) -> APIError {
        switch error {
        case let error as APIError: error
        case let error as CatalogError: APIError(error)
        case let error as UpstreamError: APIError(error)
        case let error as OAuthFailure: sessionError(error)
        default: APIError(.internalError, "The action could not be run")
        }
    }
}
