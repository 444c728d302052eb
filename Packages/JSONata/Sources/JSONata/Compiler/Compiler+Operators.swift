@_spi(Engine) import JSON

/// Operators between two values.
extension Compiler {
    mutating func binary(_ node: Syntax) throws -> Node {
        if !node.items.isEmpty { return try chain(node) }
        let lhs = try compile(node.lhs!)
        let rhs = try compile(node.rhs!)
        let text = node.text, position = node.position
        switch text {
        case "+": return ArithmeticNode(.add, lhs, rhs, text, position)
        case "-": return ArithmeticNode(.subtract, lhs, rhs, text, position)
        case "*": return ArithmeticNode(.multiply, lhs, rhs, text, position)
        case "/": return ArithmeticNode(.divide, lhs, rhs, text, position)
        case "%": return ArithmeticNode(.remainder, lhs, rhs, text, position)
        case "=", "!=":
            let negated = text == "!="
            if let constant = rhs.constant, constant.isString { return StringEqualityNode(lhs, constant, negated: negated) }
            if let constant = lhs.constant, constant.isString { return StringEqualityNode(rhs, constant, negated: negated) }
            return EqualityNode(negated: negated, lhs, rhs, text, position)
        case "<": return ComparisonNode(.less, lhs, rhs, text, position)
        case "<=": return ComparisonNode(.lessOrEqual, lhs, rhs, text, position)
        case ">": return ComparisonNode(.greater, lhs, rhs, text, position)
        case ">=": return ComparisonNode(.greaterOrEqual, lhs, rhs, text, position)
        case "and", "or": return LogicNode(lhs, rhs, text, position)
        case "&": return ConcatenationNode(lhs, rhs, text, position)
        case "in": return InclusionNode(lhs, rhs, text, position)
        case "..": return RangeNode(lhs, rhs, text, position)
        default: throw JSONataError("S0204", "unknown operator \(text)", position: position, token: text)
        }
    }

    /// Three operands or more between the same operators.
    private mutating func chain(_ node: Syntax) throws -> Node {
        var operands = [try compile(node.lhs!), try compile(node.rhs!)]
        for item in node.items { operands.append(try compile(item)) }
        return node.text == "&"
            ? ConcatenationChainNode(operands, node.positions)
            : LogicChainNode(operands, node.positions, isOr: node.text == "or")
    }
}
