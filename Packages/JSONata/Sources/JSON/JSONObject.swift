/// A JSON object that keeps its members in order. A repeated key keeps the first place and the last value.
///
/// One that is only passed on need not be read: `init(text:)` keeps it as its text until a member is asked for.
public struct JSONObject: Sendable {
    public typealias Element = (key: String, value: JSONValue)

    private var members: [Element] = []
    /// Where set, the members are there and not in `members`.
    private(set) var text: JSONText?
    /// Built only above `indexThreshold` members: below it a scan is faster than hashing.
    private var index: [String: Int]?

    private static let indexThreshold = 16

    public init() {}

    /// - Precondition: the text is that of an object.
    public init(text: JSONText) {
        assert(text.isObject)
        self.text = text
    }

    public init(_ elements: [Element]) {
        members.reserveCapacity(elements.count)
        for element in elements { put(element.key, element.value) }
    }

    public var elements: [Element] { text.map(Self.read)?.members ?? members }
    public var count: Int { elements.count }
    public var isEmpty: Bool { elements.isEmpty }
    public var keys: [String] { elements.map(\.key) }

    public subscript(key: String) -> JSONValue? {
        get {
            if let text { return Self.read(text)[key] }
            return position(of: key).map { members[$0].value }
        }
        set {
            if let text { self = Self.read(text) }
            switch (position(of: key), newValue) {
            case (let at?, let value?): members[at].value = value
            case (let at?, nil):
                members.remove(at: at)
                rebuildIndex()
            case (nil, let value?):
                // Most objects that are put together have a handful of members: one allocation instead of three.
                if members.capacity == 0 { members.reserveCapacity(6) }
                append(key, value)
            case (nil, nil): break
            }
        }
    }

    /// As the subscript, while an object of known members is made.
    private mutating func put(_ key: String, _ value: JSONValue) {
        if let at = position(of: key) { members[at].value = value } else { append(key, value) }
    }

    private mutating func append(_ key: String, _ value: JSONValue) {
        members.append((key, value))
        if index != nil {
            index?[key] = members.count - 1
        } else if members.count > Self.indexThreshold {
            rebuildIndex()
        }
    }

    private static func read(_ text: JSONText) -> JSONObject { text.value.object ?? JSONObject() }

    private func position(of key: String) -> Int? {
        if let index { return index[key] }
        return members.firstIndex { $0.key == key }
    }

    private mutating func rebuildIndex() {
        guard members.count > Self.indexThreshold else {
            index = nil
            return
        }
        var fresh = [String: Int](minimumCapacity: members.count)
        for (at, element) in members.enumerated() { fresh[element.key] = at }
        index = fresh
    }
}

extension JSONObject: Sequence {
    public func makeIterator() -> IndexingIterator<[Element]> { elements.makeIterator() }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        members.reserveCapacity(elements.count)
        for (key, value) in elements { put(key, value) }
    }
}

/// Objects are equal when they hold the same members; order does not matter (RFC 8259 §4).
extension JSONObject: Hashable {
    public static func == (a: Self, b: Self) -> Bool {
        a.count == b.count && a.allSatisfy { b[$0.key] == $0.value }
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(count) }
}
