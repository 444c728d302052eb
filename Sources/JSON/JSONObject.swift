/// A JSON object that keeps its members in order. A repeated key keeps the first place and the last value.
public struct JSONObject: Sendable {
    public typealias Element = (key: String, value: JSONValue)

    public private(set) var elements: [Element] = []
    /// Built only above `indexThreshold` members: below it a scan is faster than hashing.
    private var index: [String: Int]?

    private static let indexThreshold = 16

    public init() {}

    public init(_ elements: [Element]) {
        for element in elements { self[element.key] = element.value }
    }

    public var count: Int { elements.count }
    public var isEmpty: Bool { elements.isEmpty }
    public var keys: [String] { elements.map(\.key) }

    public subscript(key: String) -> JSONValue? {
        get { position(of: key).map { elements[$0].value } }
        set {
            switch (position(of: key), newValue) {
            case (let at?, let value?): elements[at].value = value
            case (let at?, nil):
                elements.remove(at: at)
                rebuildIndex()
            case (nil, let value?):
                elements.append((key, value))
                if index != nil {
                    index?[key] = elements.count - 1
                } else if elements.count > Self.indexThreshold {
                    rebuildIndex()
                }
            case (nil, nil): break
            }
        }
    }

    private func position(of key: String) -> Int? {
        if let index { return index[key] }
        return elements.firstIndex { $0.key == key }
    }

    private mutating func rebuildIndex() {
        guard elements.count > Self.indexThreshold else {
            index = nil
            return
        }
        var fresh = [String: Int](minimumCapacity: elements.count)
        for (at, element) in elements.enumerated() { fresh[element.key] = at }
        index = fresh
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
