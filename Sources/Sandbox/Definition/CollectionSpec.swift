import JSON

/// One of `collections`.
struct CollectionSpec: Sendable {
    var name: String
    var shape: IDShape
    var key: String
    var fixed: [JSONValue]
    var fixedScript: Script?
    var count: Int
    var record: Script?
    var show: Script?
    var sort: Script?
    var isDescending: Bool

    init(_ name: String, _ reader: KeyReader) {
        self.name = name
        shape = IDShape(reader)
        key = reader.text("key") ?? "id"
        if reader.member("fixed")?.string != nil {
            fixed = []
            fixedScript = reader.script("fixed")
        } else {
            fixed = reader.items("fixed")
        }
        count = reader.int("count") ?? 0
        record = reader.script("record", names: ["n", "id", "created"])
        show = reader.script("show")
        sort = reader.script("sort")
        isDescending = reader.bool("descending") ?? false
        if count > 0, record == nil { reader.fail("record", "needed for 'count'") }
        reader.finish()
    }
}

/// What new ids of a collection look like.
enum IDShape: Sendable {
    case uuid
    case integer(Int)
    case digits(Int)
    case hex(Int)
    case alnum(Int)
    case upper(Int)
    case script(Script)

    fileprivate init(_ reader: KeyReader) {
        guard let text = reader.text("id") else {
            self = .uuid
            return
        }
        self = Self.named(text) ?? reader.script("id", names: ["n"]).map(Self.script) ?? .uuid
    }

    /// A shape by its name, `hex(24)`; nil for anything else.
    static func named(_ text: String) -> IDShape? {
        let name = text.prefix { $0.isLetter }
        let rest = text.dropFirst(name.count)
        var number: Int?
        if !rest.isEmpty {
            guard rest.first == "(", rest.last == ")", let given = Int(rest.dropFirst().dropLast()), given > 0 else {
                return nil
            }
            number = given
        }
        switch name {
        case "uuid": return number == nil ? .uuid : nil
        case "integer": return .integer(number ?? 1)
        case "digits": return .digits(number ?? 18)
        case "hex": return .hex(number ?? 24)
        case "alnum": return .alnum(number ?? 12)
        case "upper": return .upper(number ?? 8)
        default: return nil
        }
    }
}
