import JSON

/// A value under construction: like `JSONValue`, but an array may have holes.
enum FieldNode {
    case value(JSONValue)
    /// Items with their indices, each once, in the order of arrival.
    case list([(index: Int, node: FieldNode)])
    /// Members, each key once.
    case map([(key: String, node: FieldNode)])

    init(_ json: JSONValue) {
        switch json {
        case .array(let items): self = .list(items.enumerated().map { ($0.offset, FieldNode($0.element)) })
        case .object(let members): self = .map(members.elements.map { ($0.key, FieldNode($0.value)) })
        default: self = .value(json)
        }
    }

    /// The leaf wrapped in what the steps to it say.
    init(_ steps: ArraySlice<FieldPath.Step>, to leaf: FieldNode) {
        guard let step = steps.first else {
            self = leaf
            return
        }
        let inner = FieldNode(steps.dropFirst(), to: leaf)
        switch (step, inner) {
        case (.key(let key), _): self = .map([(key, inner)])
        case (.index(let index), _): self = .list([(index, inner)])
        case (.append, .list(let items)) where steps.count == 1: self = .list(items)
        case (.append, _): self = .list([(0, inner)])
        }
    }

    /// The finished value; holes close.
    var json: JSONValue {
        switch self {
        case .value(let value): value
        case .list(let items): .array(items.sorted { $0.index < $1.index }.map(\.node.json))
        case .map(let members): .object(JSONObject(members.map { (key: $0.key, value: $0.node.json) }))
        }
    }

    private var isContainer: Bool {
        if case .value = self { false } else { true }
    }

    /// Merges another value into this one, as `qs` does where several parameters speak of one place.
    mutating func merge(_ source: FieldNode) {
        let target = self
        self = .value(.null)  // so that the arrays below are unique and grow in place
        switch (target, source) {
        case (.list(var items), .list(let more)):
            for item in more { Self.merge(item, into: &items) }
            self = .list(items)
        case (.list(let items), .map):
            self = .map(items.map { (String($0.index), $0.node) })
            merge(source)
        case (.map(var members), .map(let more)):
            for member in more { Self.merge(member, into: &members) }
            self = .map(members)
        case (.map(var members), .list(let more)):
            for item in more { Self.merge((String(item.index), item.node), into: &members) }
            self = .map(members)
        case (_, .value(.string(""))): self = target
        case (.list(var items), .value):
            items.append((Self.length(of: items), source))
            self = .list(items)
        case (.map(var members), .value(let value)):
            // `a[b]=1&a=c` means that c is set.
            Self.merge((value.string ?? value.text(), .value(.bool(true))), into: &members)
            self = .map(members)
        case (.value, .list(let more)):
            let nodes = [target] + more.sorted { $0.index < $1.index }.map(\.node)
            self = .list(nodes.enumerated().map { ($0.offset, $0.element) })
        case (.value, _): self = .list([(0, target), (1, source)])
        }
    }

    private static func length(of items: [(index: Int, node: FieldNode)]) -> Int {
        (items.lazy.map(\.index).max() ?? -1) + 1
    }

    private static func merge(
        _ item: (index: Int, node: FieldNode), into items: inout [(index: Int, node: FieldNode)]
    ) {
        guard let at = items.firstIndex(where: { $0.index == item.index }) else {
            items.append(item)
            return
        }
        if items[at].node.isContainer, item.node.isContainer {
            items[at].node.merge(item.node)
        } else {
            items.append((length(of: items), item.node))
        }
    }

    private static func merge(
        _ member: (key: String, node: FieldNode), into members: inout [(key: String, node: FieldNode)]
    ) {
        if let at = members.firstIndex(where: { $0.key == member.key }) {
            members[at].node.merge(member.node)
        } else {
            members.append(member)
        }
    }
}
