/// How a call proves whose account it is.
package enum Authorization: Sendable, Hashable {
    /// `Authorization: Bearer …` (RFC 6750).
    case bearer(token: Template)
    /// `Authorization: Basic …` (RFC 7617).
    case basic(username: Template, password: Template)
    /// Headers by name.
    case headers([HeaderTemplate])
    /// An expression that gives an object of headers; its scope is `url`, `requestOptions`, `context`.
    case expression(MappingExpression)
    /// Query parameters by name, for providers that take their key there.
    case query(JSONTemplate)
}
