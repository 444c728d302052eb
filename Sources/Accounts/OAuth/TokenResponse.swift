import Encodings
package import JSON

/// The response of a token endpoint as it came.
package struct TokenResponse: Sendable {
    package var status: Int
    package var body: Secret<[UInt8]>

    package init(status: Int, body: Secret<[UInt8]>) {
        self.status = status
        self.body = body
    }
}

extension OAuthClient {
    /// The members of the response, for `context.oauth.token` (RFC 6749 §5.1).
    ///
    /// Some servers response a form instead of JSON, some an error with status 200: both are read.
    ///
    /// - Throws: `OAuthFailure` with the server's code, `server_error` for a status from 500 on or 429, and
    ///   `invalid_response` for what cannot be read. Its message never holds the body.
    package func tokens(_ response: TokenResponse) throws(OAuthFailure) -> Secret<JSONObject> {
        let bytes = response.body.exposed()
        let members = (try? JSONValue.parse(bytes).object) ?? Self.form(bytes)
        let code = members?["error"].flatMap { $0.string ?? $0["code"]?.string ?? $0["type"]?.string }
        let text = (members?["error_description"] ?? members?["error"]?["message"] ?? members?["message"])?.string
        guard (200..<300).contains(response.status), members?["error"] == nil || members?["error"] == .null else {
            let fallback = response.status >= 500 || response.status == 429 ? "server_error" : "invalid_response"
            let isOurs = response.status >= 500 || response.status == 429
            throw OAuthFailure(
                isOurs ? fallback : code ?? fallback,
                Self.sentence(text) ?? "the authorization server answered with status \(response.status)",
                status: response.status
            )
        }
        guard var members, let access = members["access_token"]?.string, !access.isEmpty else {
            throw OAuthFailure("invalid_response", "the response brings no access token", status: response.status)
        }
        if members["expires_in"] == nil, let tokenLifetime {
            members["expires_in"] = .number(JSONNumber(Int(tokenLifetime)))
        }
        // An empty refresh token is none: it must not replace the one that is there.
        if members["refresh_token"]?.string?.isEmpty ?? true { members["refresh_token"] = nil }
        return Secret(members)
    }

    /// What a server says is shown to people: one short line of it.
    private static func sentence(_ text: String?) -> String? {
        guard let text else { return nil }
        let line = text.unicodeScalars.map { $0.value < 32 ? " " : $0 }.prefix(300)
        return line.isEmpty ? nil : String(String.UnicodeScalarView(line))
    }

    private static func form(_ bytes: [UInt8]) -> JSONObject? {
        guard let text = String(validating: bytes, as: UTF8.self), text.contains("="), text.utf8.count < 65_536
        else { return nil }
        var members = JSONObject()
        for pair in text.split(separator: "&") {
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard halves.count == 2, let name = decoded(halves[0]), let value = decoded(halves[1]) else { return nil }
            members[name] = .string(value)
        }
        return members
    }

    private static func decoded(_ text: Substring) -> String? {
        PercentEncoding.decoded(text.replacing("+", with: " "))
    }
}
