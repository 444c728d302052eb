/// A statement written as a string literal, in which an interpolated value becomes a parameter and never SQL text.
struct SQLStatement: Sendable, ExpressibleByStringInterpolation {
    private(set) var literals: [String]
    private(set) var values: [SQLValue]

    init(stringLiteral text: String) {
        literals = [text]
        values = []
    }

    init(stringInterpolation: StringInterpolation) {
        literals = stringInterpolation.literals
        values = stringInterpolation.values
    }

    /// The text with the engine's placeholders; `placeholder` is given positions counted from 1.
    func text(placeholder: (Int) -> String) -> String {
        var text = literals[0]
        for (at, literal) in literals.dropFirst().enumerated() { text += placeholder(at + 1) + literal }
        return text
    }

    struct StringInterpolation: StringInterpolationProtocol {
        /// Always one more than `values`.
        var literals = [""]
        var values: [SQLValue] = []

        init(literalCapacity: Int, interpolationCount: Int) { values.reserveCapacity(interpolationCount) }

        mutating func appendLiteral(_ literal: String) { literals[literals.count - 1] += literal }

        /// Text of our own, such as a table's name: never anything that came from outside.
        mutating func appendInterpolation(raw text: String) { appendLiteral(text) }

        mutating func appendInterpolation(_ value: SQLValue) {
            values.append(value)
            literals.append("")
        }

        mutating func appendInterpolation(_ value: String?) { appendInterpolation(SQLValue(value)) }
        mutating func appendInterpolation(_ value: Int64?) { appendInterpolation(SQLValue(value)) }
        mutating func appendInterpolation(_ value: Int) { appendInterpolation(SQLValue(Int64(value))) }
        mutating func appendInterpolation(_ value: Bool) { appendInterpolation(SQLValue(value)) }
        mutating func appendInterpolation(_ value: Timestamp?) { appendInterpolation(SQLValue(value)) }

        /// The values with commas between them.
        mutating func appendInterpolation(list: [SQLValue]) {
            for (at, value) in list.enumerated() {
                if at > 0 { appendLiteral(", ") }
                appendInterpolation(value)
            }
        }

        mutating func appendInterpolation(_ statement: SQLStatement) {
            appendLiteral(statement.literals[0])
            for (value, literal) in zip(statement.values, statement.literals.dropFirst()) {
                appendInterpolation(value)
                appendLiteral(literal)
            }
        }
    }
}
