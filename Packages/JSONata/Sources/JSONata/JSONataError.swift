@_spi(Engine) public import JSON

/// Why an expression did not compile or evaluate.
///
/// Codes are the language's own (`S0201`, `T2001`, `D3030` …): S for syntax, T for types, D for data, U for limits.
public struct JSONataError: Error, Sendable, Hashable {
    public var code: String
    /// A sentence for people; never parsed by programs.
    public var message: String
    /// Where in the expression, in UTF-16 code units from its start.
    public var position: Int?
    /// The token or function name the fault is about.
    public var token: String?
    /// The offending value, where there is one.
    public var value: JSONValue?
    /// Number of the offending argument or key, counted from 1.
    public var index: Int?

    public init(
        _ code: String, _ message: String, position: Int? = nil, token: String? = nil, value: JSONValue? = nil,
        index: Int? = nil
    ) {
        self.code = code
        self.message = message
        self.position = position
        self.token = token
        self.value = value
        self.index = index
    }
}

extension JSONataError: CustomStringConvertible {
    public var description: String {
        "\(code): \(message)" + (position.map { " (at \($0))" } ?? "")
    }
}
