public import JSON

/// One way of connecting an account.
public struct Credential: Sendable {
    public enum Format: String, Sendable, Hashable, CaseIterable {
        case apiKey = "api_key"
        case oauth2
        case oauth2ClientCredentials = "oauth2_client_credentials"
        case oauth1 = "oauth"
    }

    /// The account's authentication method.
    public var name: String
    public var format: Format
    /// What the person connecting types in; stored in the account's context under the field's name.
    public var fields: [Field]
    public var oauth2: OAuth2?
    public var documentationLink: String?

    public struct Field: Sendable {
        public enum Kind: String, Sendable, Hashable, CaseIterable {
            case text, password
            case singleSelect = "single_select"
        }

        public var name: String
        public var label: String
        public var kind: Kind
        public var required: Bool
        public var `default`: JSONValue?
        public var placeholder: String?
        public var helpText: String?
        /// `email`, `number`, `uuid`, `url`, `regex` (with `pattern`).
        public var format: String?
        public var pattern: String?
        /// `lowercase`, `uppercase`, `sha256`.
        public var transform: String?
        public var options: [(label: String, value: String)]
        /// A call that lists the options, once the key has been proven.
        package var optionsFrom: OptionList?
        /// Whether an account token may change the field.
        package var isSelfService: Bool

        /// Whether the value may never leave again once stored.
        public var isSecret: Bool { kind == .password }
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
    public struct OAuth2: Sendable {
        public var clientID: Template?
        public var clientSecret: Template?
        public var authorizeURL: Template?
        public var tokenURL: Template?
        public var refreshURL: Template?
        public var scopes: [String]
        public var scopeSeparator: String
        /// Additional parameters of the authorization request.
        public var parameters: JSONTemplate?
        public var tokenParameters: JSONTemplate?
        public var refreshParameters: JSONTemplate?
        /// Proof keys (RFC 7636). A server that does not know them ignores them (RFC 6749 §3.1); only for one that is
        /// known to refuse them is this false.
        public var pkce: Bool
        /// The server's identity (RFC 9207): a redirect that names another one is refused.
        public var issuer: Template?
        /// Whether the server names itself in every redirect, so that one without a name is refused too.
        public var requiresIssuer: Bool
        /// Client credentials in the `Authorization` header instead of the body (RFC 6749 §2.3.1).
        public var clientInHeader: Bool
        /// Token requests as JSON instead of a form.
        public var tokenRequestIsJSON: Bool
        /// Seconds a token lives where the response does not say.
        public var tokenExpiry: Int?
    }
}
