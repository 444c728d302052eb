package import JSON

/// One way of connecting an account.
package struct Credential: Sendable {
    package enum Format: String, Sendable, Hashable, CaseIterable {
        case apiKey = "api_key"
        case oauth2
        case oauth2ClientCredentials = "oauth2_client_credentials"
        case oauth1 = "oauth"
    }

    /// The account's authentication method.
    package var name: String
    package var format: Format
    /// What the person connecting types in; stored in the account's context under the field's name.
    package var fields: [Field]
    package var oauth2: OAuth2?
    package var documentationLink: String?

    package struct Field: Sendable {
        package enum Kind: String, Sendable, Hashable, CaseIterable {
            case text, password
            case singleSelect = "single_select"
        }

        package var name: String
        package var label: String
        package var kind: Kind
        package var required: Bool
        package var `default`: JSONValue?
        package var placeholder: String?
        package var helpText: String?
        /// `email`, `number`, `uuid`, `url`, `regex` (with `pattern`).
        package var format: String?
        package var pattern: String?
        /// `lowercase`, `uppercase`, `sha256`.
        package var transform: String?
        package var options: [(label: String, value: String)]
        /// A call that lists the options, once the key has been proven.
        package var optionsFrom: OptionList?
        /// Whether an account token may change the field.
        package var isSelfService: Bool

        /// Whether the value may never leave again once stored.
        package var isSecret: Bool { kind == .password }
    }

    /// A call whose records are a field's options.
    package struct OptionList: Sendable {
        package var resource: String
        package var method: String
        /// On one record: what is stored, and what a person reads; without a label that is the value.
        package var value: MappingExpression
        package var label: MappingExpression?
    }

    /// The endpoints and parameters of RFC 6749.
    package struct OAuth2: Sendable {
        package var clientID: Template?
        package var clientSecret: Template?
        package var authorizeURL: Template?
        package var tokenURL: Template?
        package var refreshURL: Template?
        package var scopes: [String]
        package var scopeSeparator: String
        /// Additional parameters of the authorization request.
        package var parameters: JSONTemplate?
        package var tokenParameters: JSONTemplate?
        package var refreshParameters: JSONTemplate?
        /// Proof keys (RFC 7636). A server that does not know them ignores them (RFC 6749 §3.1); only for one that is
        /// known to refuse them is this false.
        package var pkce: Bool
        /// The server's identity (RFC 9207): a redirect that names another one is refused.
        package var issuer: Template?
        /// Whether the server names itself in every redirect, so that one without a name is refused too.
        package var requiresIssuer: Bool
        /// Client credentials in the `Authorization` header instead of the body (RFC 6749 §2.3.1).
        package var clientInHeader: Bool
        /// Token requests as JSON instead of a form.
        package var tokenRequestIsJSON: Bool
        /// Seconds a token lives where the response does not say.
        package var tokenExpiry: Int?
    }
}
