import JSON

/// A top-down operator-precedence parser (Pratt) of the language.
struct Parser {
    private var lexer: Lexer
    private var token: Token
    private let recovers: Bool
    private(set) var errors: [JSONataError] = []
    private var depth = 0
    private var copies = 0
    private let lowest = StackGuard.lowest

    /// Deeper trees are refused: later passes recurse over them.
    private static let deepest = 1000

    /// Parses `source` whole. With `recovers` the faults are collected and the rest is read as well as can be.
    static func parse(_ source: Source, recovers: Bool = false) throws -> (tree: Syntax, errors: [JSONataError]) {
        var parser = Parser(source, recovers: recovers)
        try parser.advance()
        let tree = try parser.expression(0)
        if parser.token.kind != .end {
            try parser.fail(
                JSONataError(
                    "S0201", "syntax error near \(parser.token.text)", position: parser.token.position,
                    token: parser.token.text
                )
            )
        }
        return (tree, parser.errors)
    }

    private init(_ source: Source, recovers: Bool) {
        lexer = Lexer(source)
        token = Token(kind: .end, text: "(end)", position: 0)
        self.recovers = recovers
    }

    /// How tightly an operator binds to what is left of it.
    private static func power(_ token: Token) -> Int {
        guard token.kind == .operator else { return token.kind == .error ? 10 : 0 }
        switch token.text {
        case "(", "[", "@", "#": return 80
        case ".": return 75
        case "{": return 70
        case "*", "/", "%": return 60
        case "+", "-", "&": return 50
        case "=", "!=", "<", "<=", ">", ">=", "^", "~>", "in", "?:", "??": return 40
        case "and": return 30
        case "or": return 25
        case "?": return 20
        case ":=": return 10
        default: return 0
        }
    }

    private static let known: Set<String> = [
        ".", "[", "]", "{", "}", "(", ")", ",", "@", "#", ";", ":", "?", "+", "-", "*", "/", "%", "|", "=", "<", ">",
        "^", "**", "..", ":=", "!=", "<=", ">=", "~>", "and", "or", "in", "&", "?:", "??",
    ]

    private mutating func fail(_ error: JSONataError) throws {
        guard recovers, errors.count < 100 else { throw error }
        errors.append(error)
        token = Token(kind: .error, text: "(error)", position: token.position)
    }

    private mutating func advance(infix: Bool = false) throws {
        do {
            token = try lexer.next(infix: infix)
        } catch let error as JSONataError where recovers {
            errors.append(error)
            token = Token(kind: .end, text: "(end)", position: lexer.length)
        }
        if token.kind == .operator, !Self.known.contains(token.text) {
            try fail(
                JSONataError("S0204", "unknown operator \(token.text)", position: token.position, token: token.text)
            )
        }
    }

    private mutating func expect(_ id: String, infix: Bool = false) throws {
        if !token.isOperator(id) {
            try fail(
                JSONataError(
                    token.kind == .end ? "S0203" : "S0202", "expected \(id) before \(token.text)",
                    position: token.position, token: token.text, value: .string(id)
                )
            )
            return
        }
        try advance(infix: infix)
    }

    private mutating func expression(_ power: Int) throws -> Syntax {
        depth += 1
        let outer = depth
        defer { depth = outer - 1 }
        let first = token
        try advance(infix: true)
        var left = try prefix(first)
        while power < Self.power(token) {
            // A chain of operators makes the tree deeper with each of them.
            depth += 1
            try checkDepth()
            let infix = token
            try advance()
            left = try self.infix(infix, left)
        }
        return left
    }

    private func checkDepth() throws {
        if StackGuard.here < lowest { throw StackExhausted() }
        guard depth < Self.deepest else {
            throw JSONataError("U1001", "the expression is nested too deep", position: token.position)
        }
    }

    private mutating func prefix(_ first: Token) throws -> Syntax {
        try checkDepth()
        guard first.kind == .operator else { return Syntax(first) }
        let node = Syntax(.unary, first.text, first.position)
        switch first.text {
        case "and", "or", "in": return Syntax(first)
        case "-": node.lhs = try expression(70)
        case "*": node.kind = .wildcard
        case "**": node.kind = .descendant
        case "%": node.kind = .parent
        case "(":
            node.kind = .block
            while !token.isOperator(")") {
                node.items.append(try expression(0))
                if !token.isOperator(";") { break }
                try advance()
            }
            try expect(")", infix: true)
        case "[": try arrayConstructor(node)
        case "{": node.pairs = try pairs()
        case "|":
            node.kind = .transform
            node.lhs = try expression(0)
            try expect("|")
            node.rhs = try expression(0)
            if token.isOperator(",") {
                try advance()
                node.other = try expression(0)
            }
            try expect("|")
        default:
            let error = JSONataError(
                "S0211", "\(first.text) cannot stand before an expression", position: first.position, token: first.text
            )
            guard recovers else { throw error }
            errors.append(error)
            node.kind = .error
        }
        return node
    }

    private mutating func arrayConstructor(_ node: Syntax) throws {
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

    private mutating func pairs() throws -> [(Syntax, Syntax)] {
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

    private mutating func infix(_ operation: Token, _ left: Syntax) throws -> Syntax {
        let node = Syntax(.binary, operation.text, operation.position)
        if operation.kind == .error {
            node.kind = .error
            node.lhs = left
            return node
        }
        node.lhs = left
        switch operation.text {
        case "(": return try call(node, left)
        case "[":
            if token.isOperator("]") {
                // `a[]` keeps an array of one an array; the mark belongs to the step under the predicates.
                var step = left
                while step.kind == .binary, step.text == "[", let inner = step.lhs { step = inner }
                step.keepArray = true
                try advance()
                return left
            }
            node.rhs = try expression(0)
            try expect("]", infix: true)
        case "{": node.pairs = try pairs()
        case "^": try sortTerms(node)
        case ":=":
            if left.kind != .variable {
                try fail(
                    JSONataError(
                        "S0212", "only a variable can be assigned to", position: left.position, token: left.text
                    )
                )
            }
            node.rhs = try expression(9)
        case "@", "#":
            let bound = try expression(80)
            if bound.kind != .variable {
                try fail(
                    JSONataError(
                        "S0214", "\(operation.text) must be followed by a variable", position: bound.position,
                        token: operation.text
                    )
                )
            }
            node.rhs = bound
        case "?":
            node.kind = .condition
            node.rhs = try expression(0)
            if token.isOperator(":") {
                try advance()
                node.other = try expression(0)
            }
        case "?:":
            node.kind = .condition
            node.rhs = try twice(left)
            node.other = try expression(0)
        case "??":
            let exists = Syntax(.variable, "exists", operation.position)
            exists.bytes = Array("exists".utf8)
            let test = Syntax(.function, "(", operation.position)
            test.procedure = exists
            test.items = [left]
            node.kind = .condition
            node.lhs = test
            node.rhs = try twice(left)
            node.other = try expression(0)
        default: node.rhs = try expression(Self.power(operation))
        }
        return node
    }

    /// A copy of the left side. Chains double it each time, so their length is bounded.
    private mutating func twice(_ left: Syntax) throws -> Syntax {
        copies += 1
        guard copies <= 12 || SyntaxWalk.size(left, atMost: 10_000) < 10_000 else {
            throw JSONataError("U1001", "too many ?: or ?? in one another", position: token.position)
        }
        return left.copy()
    }

    private mutating func sortTerms(_ node: Syntax) throws {
        try expect("(")
        while true {
            var descending = false
            if token.isOperator("<") {
                try advance()
            } else if token.isOperator(">") {
                descending = true
                try advance()
            }
            node.terms.append(.init(descending: descending, expression: try expression(0)))
            if !token.isOperator(",") { break }
            try advance()
        }
        try expect(")")
    }

    private mutating func call(_ node: Syntax, _ left: Syntax) throws -> Syntax {
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
        if left.kind == .name, left.text == "function" || left.text == "λ" { try lambda(node) }
        return node
    }

    private mutating func lambda(_ node: Syntax) throws {
        for (at, parameter) in node.items.enumerated() where parameter.kind != .variable {
            try fail(
                JSONataError(
                    "S0208", "a function's parameters are variables", position: parameter.position,
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
            }
        }
        try expect("{")
        node.rhs = try expression(0)
        try expect("}")
    }
}
