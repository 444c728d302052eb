@_spi(Engine) import JSON

/// Calls, and functions written in place.
extension Parser {
    mutating func call(_ node: Syntax, _ left: Syntax) throws -> Syntax {
        node.kind = .function
        node.lhs = nil
        node.procedure = left
        if !token.isOperator(")") {
            while true {
                if token.isOperator("?") {
                    node.kind = .partial
                    node.items.append(Syntax(token))
                    try advance()
                } else {
                    node.items.append(try expression(0))
                }
                if !token.isOperator(",") { break }
                try advance()
            }
        }
        try expect(")", infix: true)
        if left.kind == .name, left.text == "function" || left.text == "λ" { return try lambda(node) }
        return node
    }

    private mutating func lambda(_ node: Syntax) throws -> Syntax {
        for (at, parameter) in node.items.enumerated() where parameter.kind != .variable {
            try fail(
                JSONataError(
                    "S0208", "a function's parameters are variables", position: parameter.place,
                    token: parameter.text, value: JSONValue.number(JSONNumber(at + 1))
                )
            )
        }
        node.kind = .lambda
        if token.isOperator("<") {
            let start = token.position
            var depth = 1
            var text = "<"
            while depth > 0, !token.isOperator("{"), token.kind != .end {
                try advance()
                if token.isOperator(">") { depth -= 1 } else if token.isOperator("<") { depth += 1 }
                text += token.text
            }
            try expect(">")
            do throws(JSONataError) {
                node.signature = try Signature(text)
            } catch {
                var error = error
                error.position = start + (error.position ?? 0)
                try fail(error)
                return faulty()
            }
        }
        try expect("{")
        node.rhs = try expression(0)
        try expect("}")
        return node
    }
}
