package import JSON
package import Storage

extension OAuthFailure {
    /// What a refusal means for an account whose tokens come from `grant`.
    func verdict(_ grant: OAuthClient.Grant) -> RefreshMachine.TokenResult {
        switch (code, grant) {
        case ("invalid_grant", _), ("invalid_token", _), ("expired_token", _), ("access_denied", _),
            // With this grant the client is the customer's own.
            ("invalid_client", .clientCredentials), ("unauthorized_client", .clientCredentials):
            .dead(self)
        case ("server_error", _), ("temporarily_unavailable", _), ("slow_down", _), ("no_answer", _): .noResponse(self)
        default: .refused(self)
        }
    }

    /// The account's `last_error`: `{code, message, next_step, at}`.
    package func lastError(at time: Timestamp) -> JSONValue {
        .object([
            "code": .string(code), "message": .string(message), "next_step": .string(nextStep),
            "at": .string(time.text),
        ])
    }

    /// What a server says may quote the request; no secret of it is to be shown.
    func without(_ secrets: [Secret<String>?]) -> OAuthFailure {
        var failure = self
        for case let secret? in secrets {
            let text = secret.exposed()
            guard !text.isEmpty else { continue }
            if failure.code.contains(text) { failure.code = "invalid_response" }
            failure.message = failure.message.replacing(text, with: "***")
        }
        return failure
    }

    private var nextStep: String {
        switch code {
        case "invalid_grant", "invalid_token", "expired_token", "access_denied":
            "The authorization was withdrawn, has expired, or its refresh token was used elsewhere. Let the customer "
                + "connect again: make a link token for this integrated_account_id."
        case "invalid_client", "unauthorized_client":
            "Check the client id and secret, those of the account or of the environment integration."
        case "invalid_scope": "Check the scopes of the integration's definition against what the provider grants."
        case "egress_refused":
            "Check the token endpoint's address in the definition and its overrides, or have the operator allow it."
        case "credentials_refused":
            "The provider refuses the stored credentials. Replace them with PATCH /integrated-account/:id/credentials, "
                + "or let the customer connect again."
        case "session_failed": "Compare the integration's session steps with the provider's documentation."
        case "server_error", "temporarily_unavailable", "slow_down", "no_answer":
            "Nothing: the next call tries again. Should it last, look at the provider's status page."
        default: "Compare the integration's definition with the provider's documentation of its token endpoint."
        }
    }
}
