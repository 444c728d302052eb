@_spi(Engine) import JSON

/// A top-down operator-precedence parser (Pratt) of the language.
struct Parser {
    private var lexer: Lexer
    private(set) var token: Token
    private let recovers: Bool
    private(set) var errors: [JSONataError] = []
    private var depth = 0
    private var copies = 0
    private let lowest = StackGuard.lowest

    /// Deeper trees are refused: later passes recurse over them.
    private static let deepest = 1000

    /// Parses `source` whole.
    static func parse(_ source: Source) throws -> Syntax {
        var parser = Parser(source, recovers: false)
        return try parser.whole()
    }

    /// The faults of `source`. As in the reference, the tokens behind one are passed over and what has been read goes on
    /// as well as can be; a fault of the tokens themselves is the last that is told.
    static func faults(_ source: Source) throws -> [JSONataError] {
        var parser = Parser(source, recovers: true)
        do {
            return try SyntaxProcessor.faults(try parser.whole(), behind: parser.errors)
        } catch let error as JSONataError {
            return parser.errors + [error]
        }
    }

    private mutating func whole() throws -> Syntax {
        try advance()
        let tree = try expression(0)
        if token.kind != .end {
            try fail(
                JSONataError("S0201", "syntax error near \(token.text)", position: token.place, token: token.text)
            )
        }
        return tree
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

    mutating func fail(_ error: JSONataError) throws {
        guard recovers, errors.count < 100 else { throw error }
        errors.append(error)
        try passOver()
        token = Token(kind: .error, text: "(error)", position: Token.nowhere)
    }

    /// Reads on to the end.
    private mutating func passOver() throws {
        while try lexer.next(infix: false).kind != .end {}
    }

    /// What stands for the part that a fault was found in.
    func faulty() -> Syntax { Syntax(.thunk, "(error)", Token.nowhere) }

    mutating func advance(infix: Bool = false) throws {
        token = try lexer.next(infix: infix)
        if token.kind == .operator, !Self.known.contains(token.text) {
            try fail(
                JSONataError("S0204", "unknown operator \(token.text)", position: token.position, token: token.text)
            )
        }
    }

    mutating func expect(_ id: String, infix: Bool = false) throws {
        if !token.isOperator(id) {
            try fail(
                JSONataError(
                    token.kind == .end ? "S0203" : "S0202", "expected \(id) before \(token.text)",
                    position: token.place, token: token.text, value: .string(id)
                )
            )
            return
        }
        try advance(infix: infix)
    }

    mutating func expression(_ power: Int) throws -> Syntax {
        depth += 1
        let outer = depth
        defer { depth = outer - 1 }
        let first = token
        try advance(infix: true)
        var left = try prefix(first)
        while power < Self.power(token) {
            // A chain of operators makes the tree deeper with each of them.
            let infix = token
            if !Self.isChain(left, infix) { depth += 1 }
            try checkDepth()
            try advance()
            left = try self.infix(infix, left)
        }
        return left
    }

    /// Whether an operator goes on with a chain, which is one node however long it is.
    private static func isChain(_ left: Syntax, _ operation: Token) -> Bool {
        left.kind == .binary && left.text == operation.text && ["&", "and", "or"].contains(operation.text)
    }

    private func checkDepth() throws {
        if StackGuard.here < lowest { throw StackExhausted() }
        guard depth < Self.deepest else {
            throw JSONataError("U1001", "the expression is nested too deep", position: token.position)
        }
    }

    private mutating func prefix(_ first: Token) throws -> Syntax {
        try checkDepth()
        guard first.kind == .operator || first.kind == .error else { return Syntax(first) }
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
                "S0211", "\(first.text) cannot stand before an expression", position: first.place, token: first.text
            )
            guard recovers, errors.count < 100 else { throw error }
            errors.append(error)
            try passOver()
            node.kind = .error
        }
        return node
    }

    private mutating func infix(_ operation: Token, _ left: Syntax) throws -> Syntax {
        let node = Syntax(.binary, operation.text, operation.position)
        if operation.kind == .error {
            try passOver()
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
                        "S0212", "only a variable can be assigned to", position: left.place, token: left.text
                    )
                )
                return faulty()
            }
            node.rhs = try expression(9)
        case "@", "#":
            let bound = try expression(80)
            if bound.kind != .variable {
                try fail(
                    JSONataError(
                        "S0214", "\(operation.text) must be followed by a variable", position: bound.place,
                        token: operation.text
                    )
                )
                return faulty()
            }
            node.rhs = bound
        case "?": try conditions(node)
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
        default:
            if Self.isChain(left, operation) {
                if left.positions.isEmpty { left.positions.append(left.position) }
                left.positions.append(operation.position)
                left.position = operation.position
                left.items.append(try expression(Self.power(operation)))
                return left
            }
            node.rhs = try expression(Self.power(operation))
        }
        return node
    }

    /// What follows a condition. `a ? b : c ? d : e` is one node, so that a long table of cases is no deep tree.
    private mutating func conditions(_ node: Syntax) throws {
        node.kind = .condition
        node.rhs = try expression(0)
        while token.isOperator(":") {
            try advance()
            // Up to the next `?`, if there is one; what binds looser than that belongs to the last part.
            var part = try expression(Self.power(Token(kind: .operator, text: "?", position: 0)))
            if token.isOperator("?") {
                try advance()
                node.items.append(part)
                node.items.append(try expression(0))
                continue
            }
            while Self.power(token) > 0 {
                let infix = token
                try checkDepth()
                try advance()
                part = try self.infix(infix, part)
            }
            node.other = part
            return
        }
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
}
