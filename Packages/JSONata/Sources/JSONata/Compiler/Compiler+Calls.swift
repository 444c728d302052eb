@_spi(Engine) import JSON

/// Calls, and the library functions that are known when compiling.
extension Compiler {
    mutating func plainCall(_ node: Syntax, _ arguments: [Node], keepArray: Bool) throws -> CallNode {
        let procedure = node.procedure!
        var name = Self.name(of: procedure)
        var intended: Node?
        if procedure.kind == .path, let first = procedure.items.first, first.kind == .name {
            name = first.text
            let asVariable = Syntax(.variable, first.text, first.position)
            asVariable.bytes = first.bytes
            intended = variable(asVariable)
        }
        return CallNode(
            try compile(procedure), arguments, name: name, position: node.position,
            namePosition: procedure.kind == .path ? nil : procedure.position, keepArray: keepArray, intended: intended
        )
    }

    /// What an error calls a function by.
    private static func name(of procedure: Syntax) -> String? {
        switch procedure.kind {
        case .lambda, .block, .condition, .transform, .parent, .thunk: nil
        case .path: procedure.items.first.flatMap { name(of: $0) }
        default: procedure.text
        }
    }

    mutating func call(_ node: Syntax, prepending first: Node?, keepArray: Bool) throws -> Node {
        var arguments: [Node] = first.map { [$0] } ?? []
        for item in node.items { arguments.append(try compile(item)) }
        let general = try plainCall(node, arguments, keepArray: keepArray)
        let procedure = node.procedure!
        guard procedure.kind == .variable, procedure.predicates == nil, procedure.group == nil,
            let native = library.functions[procedure.text],
            (scope?.places(of: procedure.text, tupleNames: tupleNames) ?? []).isEmpty
        else { return general }
        if native.name == "eval" { return EvalNode(general, scope: scope, tupleNames: tupleNames) }
        let call = NativeCallNode(native, general, global: global(procedure.text))
        if arguments.count == 2, let lambda = arguments[1] as? LambdaNode, lambda.signature == nil, let operation = native.operation {
            return HigherOrderNode(operation, arguments[0], lambda, call)
        }
        return call
    }
}
