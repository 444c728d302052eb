@_spi(Engine) import JSON

/// `[ … ]` and `{ … }`.
extension Parser {
    mutating func arrayConstructor(_ node: Syntax) throws {
        if !token.isOperator("]") {
            while true {
                var item = try expression(0)
                if token.isOperator("..") {
                    let range = Syntax(.binary, "..", token.position)
                    range.lhs = item
                    try advance()
                    range.rhs = try expression(0)
                    item = range
                }
                node.items.append(item)
                if !token.isOperator(",") { break }
                try advance()
            }
        }
        try expect("]", infix: true)
    }

    mutating func pairs() throws -> [(Syntax, Syntax)] {
        var pairs: [(Syntax, Syntax)] = []
        if !token.isOperator("}") {
            while true {
                let key = try expression(0)
                try expect(":")
                pairs.append((key, try expression(0)))
                if !token.isOperator(",") { break }
                try advance()
            }
        }
        try expect("}", infix: true)
        return pairs
    }
}
