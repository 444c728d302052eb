@_spi(Engine) import JSON

/// Arranges the parsed tree: steps into paths, predicates to their steps, `%` to the steps it looks back to, and
/// calls in tail position into thunks.
struct SyntaxProcessor {
    private var labels = 0
    /// The `%` of the expression.
    var ancestry: [Syntax] = []
    private let lowest = StackGuard.lowest

    /// The faults that were found so far; nil where the first is thrown.
    private var faults: [JSONataError]?

    static func process(_ tree: Syntax) throws -> Syntax {
        var processor = SyntaxProcessor()
        return try processor.whole(tree)
    }

    /// The faults of a tree that was read with faults of its own.
    static func faults(_ tree: Syntax, behind faults: [JSONataError]) throws -> [JSONataError] {
        var processor = SyntaxProcessor()
        processor.faults = faults
        _ = try processor.whole(tree)
        return processor.faults ?? []
    }

    private mutating func fail(_ error: JSONataError) throws -> Syntax {
        guard faults != nil else { throw error }
        faults?.append(error)
        return Syntax(.error, "(error)", Token.nowhere)
    }

    private mutating func whole(_ tree: Syntax) throws -> Syntax {
        let result = try process(tree)
        if result.kind == .parent || result.seekingParent != nil {
            throw JSONataError(
                "S0217", "% goes above the start of the expression", position: result.position,
                token: Self.name(result.kind)
            )
        }
        return result
    }

    static func name(_ kind: Syntax.Kind) -> String { "\(kind)" }

    private static func literal(_ node: Syntax) -> JSONValue {
        if node.kind == .number { return .number(JSONNumber(node.number)) }
        return node.literal == .null ? nil : .bool(node.literal == .true)
    }

    private mutating func process(_ node: Syntax) throws -> Syntax {
        guard StackGuard.here > lowest else {
            throw StackExhausted()
        }
        let result = try arrange(node)
        if node.keepArray { result.keepArray = true }
        return result
    }

    private mutating func arrange(_ node: Syntax) throws -> Syntax {
        switch node.kind {
        case .binary: return try binary(node)
        case .unary: return try unary(node)
        case .function, .partial:
            let result = Syntax(node.kind, node.text, node.position)
            result.items = try node.items.map { try child($0, of: result) }
            result.procedure = try process(node.procedure!)
            return result
        case .lambda:
            let result = Syntax(.lambda, node.text, node.position)
            result.items = node.items
            result.signature = node.signature
            result.rhs = Self.tailCalls(try process(node.rhs!))
            return result
        case .condition:
            let result = Syntax(.condition, node.text, node.position)
            result.lhs = try child(node.lhs!, of: result)
            result.rhs = try child(node.rhs!, of: result)
            result.items = try node.items.map { try child($0, of: result) }
            if let other = node.other { result.other = try child(other, of: result) }
            return result
        case .transform:
            let result = Syntax(.transform, node.text, node.position)
            result.lhs = try process(node.lhs!)
            result.rhs = try process(node.rhs!)
            if let other = node.other { result.other = try process(other) }
            return result
        case .block:
            let result = Syntax(.block, node.text, node.position)
            for item in node.items {
                let part = try child(item, of: result)
                if part.constructsArray || part.kind == .path && part.items[0].constructsArray {
                    result.constructsArray = true
                }
                result.items.append(part)
            }
            return result
        case .name:
            let result = Syntax(.path, node.text, node.position)
            result.items = [node]
            if node.keepArray { result.keepSingletonArray = true }
            return result
        case .parent:
            let result = Syntax(.parent, node.text, node.position)
            result.slot = Syntax.Slot(label: labels, index: ancestry.count)
            labels += 1
            ancestry.append(result)
            return result
        case .string, .number, .value, .wildcard, .descendant, .variable, .regex: return node
        case .operator:
            // `and`, `or` and `in` may be names of members.
            if ["and", "or", "in"].contains(node.text) {
                node.kind = .name
                return try process(node)
            }
            if node.text == "?" { return node }
            throw JSONataError(
                "S0201", "syntax error near \(node.text)", position: node.position, token: node.text
            )
        case .error: return try node.lhs.map { try process($0) } ?? node
        case .end:
            return try fail(
                JSONataError("S0207", "the expression ends too early", position: node.position, token: "(end)")
            )
        case .path, .bind, .apply, .sort, .thunk:
            return try fail(JSONataError("S0206", "unknown expression", position: node.place, token: node.text))
        }
    }

    private mutating func child(_ node: Syntax, of parent: Syntax) throws -> Syntax {
        let result = try process(node)
        Self.pushAncestry(parent, result)
        return result
    }

    private mutating func unary(_ node: Syntax) throws -> Syntax {
        let result = Syntax(.unary, node.text, node.position)
        switch node.text {
        case "[":
            result.items = try node.items.map { try child($0, of: result) }
        case "{":
            for (key, value) in node.pairs {
                let key = try child(key, of: result)
                result.pairs.append((key, try child(value, of: result)))
            }
        default:
            let operand = try process(node.lhs!)
            if node.text == "-", operand.kind == .number {
                operand.text = "-" + operand.text
                operand.number = -operand.number
                return operand
            }
            result.lhs = operand
            Self.pushAncestry(result, operand)
        }
        return result
    }

    private mutating func binary(_ node: Syntax) throws -> Syntax {
        switch node.text {
        case ".": return try path(node)
        case "[": return try predicate(node)
        case "{":
            let result = try process(node.lhs!)
            guard result.group == nil else {
                throw JSONataError("S0210", "a step can be grouped only once", position: node.position)
            }
            var pairs: [(Syntax, Syntax)] = []
            for (key, value) in node.pairs { pairs.append((try process(key), try process(value))) }
            result.group = Syntax.Group(pairs: pairs, position: node.position)
            return result
        case "^":
            let result = Self.asPath(try process(node.lhs!))
            let sort = Syntax(.sort, "^", node.position)
            for term in node.terms {
                sort.terms.append(.init(descending: term.descending, expression: try child(term.expression, of: sort)))
            }
            result.items.append(sort)
            try resolveAncestry(result)
            return result
        case ":=":
            let result = Syntax(.bind, node.text, node.position)
            result.lhs = try process(node.lhs!)
            result.rhs = try child(node.rhs!, of: result)
            return result
        case "@":
            let result = try process(node.lhs!)
            let step = result.kind == .path ? result.items[result.items.count - 1] : result
            guard step.stages == nil, step.predicates == nil else {
                throw JSONataError("S0215", "@ must come before predicates", position: node.position)
            }
            guard step.kind != .sort else {
                throw JSONataError("S0216", "@ must come before order-by", position: node.position)
            }
            if node.keepArray { step.keepArray = true }
            step.focus = node.rhs!.text
            step.tuple = true
            return result
        case "#":
            var result = try process(node.lhs!)
            if result.kind != .path {
                let step = result
                result = Self.asPath(step)
                if let predicates = step.predicates {
                    step.stages = predicates
                    step.predicates = nil
                }
            }
            let step = result.items[result.items.count - 1]
            if step.stages == nil { step.index = node.rhs!.text } else { step.stages!.append(.index(node.rhs!.text)) }
            step.tuple = true
            return result
        case "~>":
            let result = Syntax(.apply, node.text, node.position)
            result.lhs = try process(node.lhs!)
            result.rhs = try process(node.rhs!)
            result.keepArray = result.lhs!.keepArray || result.rhs!.keepArray
            return result
        default:
            let result = Syntax(.binary, node.text, node.position)
            result.lhs = try child(node.lhs!, of: result)
            result.rhs = try child(node.rhs!, of: result)
            result.items = try node.items.map { try child($0, of: result) }
            result.positions = node.positions
            return result
        }
    }

    private static func asPath(_ node: Syntax) -> Syntax {
        if node.kind == .path { return node }
        let path = Syntax(.path, node.text, node.position)
        path.items = [node]
        return path
    }

    private mutating func path(_ node: Syntax) throws -> Syntax {
        let left = try process(node.lhs!)
        let result = Self.asPath(left)
        if left.kind == .parent, let slot = left.slot { result.seekingParent = [slot] }
        let rest = try process(node.rhs!)
        if rest.kind == .path {
            result.items.append(contentsOf: rest.items)
        } else {
            if let predicates = rest.predicates {
                rest.stages = predicates
                rest.predicates = nil
            }
            result.items.append(rest)
        }
        for step in result.items {
            if step.kind == .number || step.kind == .value {
                throw JSONataError(
                    "S0213", "the literal \(step.text) cannot be a step", position: step.position,
                    value: Self.literal(step)
                )
            }
            if step.kind == .string { step.kind = .name }
        }
        if result.items.contains(where: { $0.keepArray }) { result.keepSingletonArray = true }
        for step in [result.items[0], result.items[result.items.count - 1]]
        where step.kind == .unary && step.text == "[" {
            step.constructsArray = true
        }
        try resolveAncestry(result)
        return result
    }

    private mutating func predicate(_ node: Syntax) throws -> Syntax {
        let result = try process(node.lhs!)
        let isPath = result.kind == .path
        let step = isPath ? result.items[result.items.count - 1] : result
        guard step.group == nil else {
            throw JSONataError("S0209", "a predicate cannot follow a grouping", position: node.position)
        }
        let predicate = try process(node.rhs!)
        if let slots = predicate.seekingParent {
            for slot in slots {
                if slot.level == 1 { _ = try seekParent(step, slot) } else { slot.level -= 1 }
            }
            Self.pushAncestry(step, predicate)
        }
        let stage = Syntax.Stage.filter(predicate, position: node.position)
        if isPath {
            step.stages = (step.stages ?? []) + [stage]
        } else {
            step.predicates = (step.predicates ?? []) + [stage]
        }
        return result
    }
}
