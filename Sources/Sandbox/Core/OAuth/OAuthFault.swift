import JSON

/// A refusal of the token endpoint (RFC 6749 §5.2).
struct OAuthFault: Error, Hashable {
    let status: Int
    let error: String
    let description: String

    static let client = Self(status: 401, error: "invalid_client", description: "Unknown client or wrong secret")
    static let unauthorizedClient = Self(
        status: 400, error: "unauthorized_client", description: "This client may not use client_credentials"
    )
    static let grantType = Self(
        status: 400, error: "unsupported_grant_type",
        description: "grant_type is authorization_code, refresh_token or client_credentials"
    )

    static func request(_ description: String) -> Self {
        Self(status: 400, error: "invalid_request", description: description)
    }

    static func grant(_ description: String) -> Self {
        Self(status: 400, error: "invalid_grant", description: description)
    }

    var json: JSONValue { ["error": .string(error), "error_description": .string(description)] }
}
