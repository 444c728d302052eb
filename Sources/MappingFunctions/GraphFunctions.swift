@_spi(Engine) import JSON
@_spi(Engine) import JSONata

extension Extensions {
    static let graphs: [NativeFunction] = [
        NativeFunction("sortNodes", nil, arity: 4) { c, a in
            func name(_ index: Int, _ standard: StaticString) -> Value { a[index].isString ? a[index] : c.string(standard) }
            return c.array(
                try Tree.sorted(c, c.items(a[0]), name(1, "id"), name(2, "parent_id"), name(3, "sequence"))
            )
        },
        NativeFunction("dependencyGraph", nil, arity: 3) { c, a in
            c.host(try DependencyGraph(c, c.items(a[0]), parent: a[1], key: a[2]))
        },
    ]
}

/// Nodes that name their parents, in the order of a walk: each parent before its children, siblings by sequence.
private enum Tree {
    static func sorted(
        _ c: Context, _ nodes: [Value], _ id: Value, _ parent: Value, _ sequence: Value
    ) throws -> [Value] {
        var byID: [String: Int] = [:]
        for (index, node) in nodes.enumerated() { byID[c.swiftString(try c.name(try c.member(node, at: id)))] = index }
        var children: [Int: [Int]] = [:]
        var roots: [Int] = []
        for (index, node) in nodes.enumerated() {
            let above = try c.member(node, at: parent)
            if c.isTruthy(above), let at = byID[c.swiftString(try c.name(above))] {
                children[at, default: []].append(index)
            } else {
                roots.append(index)
            }
        }
        let keys = try nodes.map { node in
            let value = try c.member(node, at: sequence)
            return value.isNumber ? value.double : .infinity
        }
        func order(_ indices: [Int]) -> [Int] { indices.sorted { (keys[$0], $0) < (keys[$1], $1) } }
        // A stack of our own: trees may be as deep as they are long. Nodes of a cycle hang on no root and drop out.
        var stack = Array(order(roots).reversed())
        var result: [Value] = []
        while let index = stack.popLast() {
            result.append(nodes[index])
            stack += order(children[index] ?? []).reversed()
        }
        return result
    }
}

/// What `$dependencyGraph` gives: items that depend on other items, with methods to put them in order.
private final class DependencyGraph: HostObject {
    private var names: [String] = []
    private var items: [String: Value] = [:]
    private var dependencies: [String: [String]] = [:]

    init(_ c: Context, _ list: [Value], parent: Value, key: Value) throws {
        for item in list {
            let name = c.swiftString(try c.name(try c.member(item, at: key)))
            if items.updateValue(item, forKey: name) == nil { names.append(name) }
        }
        for item in list {
            let name = c.swiftString(try c.name(try c.member(item, at: key)))
            let above = c.swiftString(try c.name(try c.member(item, at: parent)))
            if items[above] != nil { dependencies[name, default: []].append(above) }
        }
    }

    /// The names that `starts` need, needed ones first.
    private static func walk(_ starts: [String], _ edges: [String: [String]]) throws -> [String] {
        var done: Set<String> = []
        var active: Set<String> = []
        var result: [String] = []
        var stack = starts.reversed().map { (name: $0, entered: false) }
        while let (name, entered) = stack.popLast() {
            if entered {
                active.remove(name)
                if done.insert(name).inserted { result.append(name) }
            } else if !done.contains(name) {
                guard active.insert(name).inserted else { throw JSONataError("D3147", "the dependencies go round in a circle at \(name)") }
                stack.append((name, true))
                for next in (edges[name] ?? []).reversed() where !done.contains(next) { stack.append((next, false)) }
            }
        }
        return result
    }

    func member(_ name: Value, _ context: Context) -> Value {
        let (names, items, edges) = (names, items, dependencies)
        var reversed: [String: [String]] = [:]
        // By the order of the items, which is also the order of the responses.
        for from in names { for target in edges[from] ?? [] { reversed[target, default: []].append(from) } }
        let dependants = reversed
        switch context.swiftString(name) {
        case "overallOrder": return Self.method(context) { _, _ in try Self.walk(names, edges) }
        case "dependenciesOf":
            return Self.method(context) { c, a in
                let start = c.swiftString(try c.name(a[0]))
                return try Self.walk([start], edges).filter { $0 != start }
            }
        case "dependantsOf", "dependentsOf":
            return Self.method(context) { c, a in
                let start = c.swiftString(try c.name(a[0]))
                return try Self.walk([start], dependants).filter { $0 != start }
            }
        case "getNodeData":
            let lookup = NodeData(items: items)
            return context.method("getNodeData") { c, a in lookup.items[c.swiftString(try c.name(a[0]))] ?? .undefined }
        case "hasNode":
            let known = Set(names)
            return context.method("hasNode") { c, a in Value(known.contains(c.swiftString(try c.name(a[0])))) }
        case "size":
            let count = names.count
            return context.method("size") { _, _ in Value(Double(count)) }
        default: return .undefined
        }
    }

    private static func method(
        _ context: Context, _ body: @escaping @Sendable (Context, Arguments) throws -> [String]
    ) -> Value {
        context.method("order") { c, a in c.array(try body(c, a).map { c.string($0) }) }
    }

    func json(_ context: Context) -> Value { context.object(names.map { ($0, items[$0] ?? .null) }) }
}

/// Items by name, carried into a method of the same evaluation.
private struct NodeData: @unchecked Sendable {
    // @unchecked: values point into the arena of one evaluation, and so does the method that holds this; both stay on
    // its thread.
    let items: [String: Value]
}
