/// A JSON object that keeps its members in order. A repeated key keeps the first place and the last value.
///
/// One that is only passed on need not be read: `init(text:)` keeps it as its text until a member is asked for.
public struct JSONObject: Sendable {
    public typealias Element = (key: String, value: JSONValue)

    /// One word, since objects are held in others and copied with them.
    private enum Content: Sendable {
        case members([Element])
        /// More than `indexThreshold` members: below it a scan is faster than hashing.
        indirect case indexed([Element], [String: Int])
        case text(JSONText)
    }

    private var content = Content.members([])

    private static let indexThreshold = 16

    public init() {}

    /// - Precondition: the text is that of an object.
    public init(text: JSONText) {
        assert(text.isObject)
        content = .text(text)
    }

    public init(_ elements: [Element]) {
        if elements.count <= Self.indexThreshold, Self.isDistinct(elements) {
            content = .members(elements)
        } else {
            for element in elements { self[element.key] = element.value }
        }
    }

    /// - Precondition: no two of the keys are the same.
    public init(distinct elements: [Element]) {
        assert(Self.isDistinct(elements))
        content = Self.content(of: elements)
    }

    /// Where the members have not been read yet.
    var text: JSONText? {
        if case .text(let text) = content { text } else { nil }
    }

    public var elements: [Element] {
        switch content {
        case .members(let members), .indexed(let members, _): members
        case .text(let text): Self.read(text).elements
        }
    }
    public var count: Int {
        switch content {
        case .members(let members), .indexed(let members, _): members.count
        case .text(let text): Self.read(text).count
        }
    }
    public var isEmpty: Bool { count == 0 }
    public var keys: [String] { elements.map(\.key) }

    public subscript(key: String) -> JSONValue? {
        get {
            switch content {
            case .members(let members): Self.position(of: key, in: members).map { members[$0].value }
            case .indexed(let members, let index): index[key].map { members[$0].value }
            case .text(let text): Self.read(text)[key]
            }
        }
        set {
            switch content {
            case .members(var members):
                let at = Self.position(of: key, in: members)
                if at == nil, newValue == nil { return }
                // Else the members would be copied, as they would have two owners.
                content = .members([])
                Self.set(key, newValue, at, &members)
                content = Self.content(of: members)
            case .indexed: setIndexed(key, newValue)
            case .text(let text):
                content = Self.read(text).content
                self[key] = newValue
            }
        }
    }

    private mutating func setIndexed(_ key: String, _ value: JSONValue?) {
        var (members, index) = takeIndexed()
        let at = index[key]
        Self.set(key, value, at, &members)
        if at != nil, value == nil {
            content = Self.content(of: members)
        } else {
            if at == nil, value != nil { index[key] = members.count - 1 }
            content = .indexed(members, index)
        }
    }

    /// Takes the members out, in a function of its own: a `switch` would own them too, and each change copy them all.
    private mutating func takeIndexed() -> (members: [Element], index: [String: Int]) {
        guard case .indexed(let members, let index) = content else { return ([], [:]) }
        content = .members([])
        return (members, index)
    }

    private static func set(_ key: String, _ value: JSONValue?, _ at: Int?, _ members: inout [Element]) {
        switch (at, value) {
        case (let at?, let value?): members[at].value = value
        case (let at?, nil): members.remove(at: at)
        case (nil, let value?):
            // Most objects that are put together have a handful of members: one allocation instead of three.
            if members.capacity == 0 { members.reserveCapacity(6) }
            members.append((key, value))
        case (nil, nil): break
        }
    }

    private static func read(_ text: JSONText) -> JSONObject { text.value.object ?? JSONObject() }

    private static func position(of key: String, in members: [Element]) -> Int? {
        for at in members.indices where members[at].key == key { return at }
        return nil
    }

    private static func isDistinct(_ members: [Element]) -> Bool {
        for at in members.indices {
            for other in 0..<at where members[other].key == members[at].key { return false }
        }
        return true
    }

    private static func content(of members: [Element]) -> Content {
        guard members.count > indexThreshold else { return .members(members) }
        var index = [String: Int](minimumCapacity: members.count)
        for at in members.indices { index[members[at].key] = at }
        return .indexed(members, index)
    }
}

extension JSONObject: Sequence {
    public func makeIterator() -> IndexingIterator<[Element]> { elements.makeIterator() }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self.init(elements.map { (key: $0.0, value: $0.1) })
    }
}

/// Objects are equal when they hold the same members; order does not matter (RFC 8259 §4).
extension JSONObject: Hashable {
    public static func == (a: Self, b: Self) -> Bool {
        a.count == b.count && a.allSatisfy { b[$0.key] == $0.value }
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(count) }
}
