@_spi(Engine) import JSON

/// Paths and their quick forms.
extension Compiler {
    mutating func path(_ node: Syntax) throws -> Node {
        if node.items.contains(where: { $0.tuple }) { return try tuplePath(node) }
        let startsAtVariable = node.items[0].kind == .variable
        var steps: [Step] = []
        for item in node.items {
            var filters: [Filter] = []
            for stage in item.stages ?? [] { filters.append(try filter(stage, inTuple: false)) }
            let node = try stepNode(item, inTuple: false)
            let name = item.kind == .name && item.predicates == nil ? node as? NameNode : nil
            steps.append(
                Step(node, filters, name: name, constructsArray: item.constructsArray, isSort: item.kind == .sort)
            )
        }
        let grouping = node.group == nil ? nil : try group(node.group!, inTuple: false)
        let general = PathNode(
            steps, grouping, keepSingleton: node.keepSingletonArray, keepArray: node.keepArray,
            startsAtVariable: startsAtVariable
        )
        return namePath(general) ?? general
    }

    /// The quick form of a path that is nothing but names, perhaps behind a variable.
    private func namePath(_ path: PathNode) -> Node? {
        guard path.group == nil, !path.keepSingleton, !path.keepArray else { return nil }
        var root: Node?
        var keys: [(key: Value, site: Int)] = []
        for (at, step) in path.steps.enumerated() {
            guard step.isBare else { return nil }
            if step.isName {
                keys.append((step.key, step.site))
            } else if at == 0, path.startsAtVariable {
                root = step.node
            } else {
                return nil
            }
        }
        return keys.isEmpty ? nil : NamePathNode(root, keys, general: path)
    }

    private mutating func stepNode(_ item: Syntax, inTuple: Bool) throws -> Node {
        guard item.kind == .sort else { return try compile(item) }
        func terms(_ compiler: inout Compiler) throws -> [SortNode.Term] {
            var terms: [SortNode.Term] = []
            for term in item.terms {
                terms.append(.init(expression: try compiler.compile(term.expression), descending: term.descending))
            }
            return terms
        }
        let compiled = inTuple ? try inScope(Scope(.tuple, parent: scope), terms) : try terms(&self)
        return SortNode(compiled, item.position, inTuple: inTuple)
    }

    private mutating func tuplePath(_ node: Syntax) throws -> Node {
        var steps: [TuplePathNode.Step] = []
        var tuple = false
        for item in node.items {
            if item.tuple { tuple = true }
            let step: Node
            if tuple, item.kind != .sort {
                step = try inScope(Scope(.tuple, parent: scope)) { try $0.stepNode(item, inTuple: true) }
            } else {
                step = try stepNode(item, inTuple: tuple)
            }
            var stages: [TuplePathNode.Stage] = []
            for stage in item.stages ?? [] {
                switch stage {
                case .filter: stages.append(.filter(try filter(stage, inTuple: tuple)))
                case .index(let name): stages.append(.index(constant(name)))
                }
            }
            steps.append(
                .init(
                    node: step, stages: stages, tuple: tuple, focus: item.focus.map { constant($0) },
                    index: item.index.map { constant($0) },
                    ancestor: item.ancestor.map { constant(Self.label($0.label)) }, isSort: item.kind == .sort,
                    constructsArray: item.constructsArray
                )
            )
        }
        let grouping = node.group == nil ? nil : try group(node.group!, inTuple: true)
        return TuplePathNode(
            steps, grouping, keepSingleton: node.keepSingletonArray, keepArray: node.keepArray,
            startsAtVariable: node.items[0].kind == .variable, passesTuples: node.tuple
        )
    }
}
