/// A lexical token.
struct Token {
    enum Kind { case end, name, variable, string, number, value, `operator`, regex, error }
    enum Literal { case null, `true`, `false` }

    var kind: Kind
    /// The operator, or the text for messages.
    var text: String
    /// UTF-16 code units from the start of the expression to the token's end.
    var position: Int
    /// WTF-8 of a name, variable, string or regex.
    var bytes: [UInt8] = []
    var number = 0.0
    var literal = Literal.null
    /// Flags of a regex.
    var flags = ""

    /// The position of what the parser makes up.
    static let nowhere = -1

    /// The position, for errors; nil where there is none.
    var place: Int? { position == Self.nowhere ? nil : position }

    func isOperator(_ id: String) -> Bool { kind == .operator && text == id }
}
