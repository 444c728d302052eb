import Encodings
@_spi(Engine) import JSON
@_spi(Engine) import JSONata

extension Extensions {
    static let addresses: [NativeFunction] = [
        NativeFunction("parseUrl", nil, arity: 1) { c, a in
            if a[0].isUndefined || a[0].tag == .null { return .undefined }
            let text = try c.plainText(a[0])
            guard let address = WebAddress(text) else {
                throw JSONataError("D3150", "$parseUrl was given what is no absolute address", token: "parseUrl")
            }
            return c.host(AddressObject(address))
        },
        .friendly("parseQuery", arity: 2) { arguments in
            guard let value = arguments[0] else { return nil }
            return .object(QueryTree.parse(value.string ?? "", options: QueryTree.ReadingOptions(arguments[1]?.object)))
        },
        .friendly("stringifyQuery", arity: 2) { arguments in
            guard let value = arguments[0] else { return nil }
            return .string(QueryTree.write(value, options: arguments[1]?.object))
        },
    ]
}

/// What `$parseUrl` gives: the parts as members, and `searchParams`.
private final class AddressObject: HostObject {
    private let address: WebAddress

    init(_ address: WebAddress) { self.address = address }

    private var members: [(String, String)] {
        [
            ("href", address.href), ("origin", address.origin), ("protocol", address.scheme + ":"),
            ("username", address.username), ("password", address.password), ("host", address.host),
            ("hostname", address.hostname), ("port", address.port), ("pathname", address.pathname),
            ("search", address.search), ("hash", address.hash),
        ]
    }

    func member(_ name: Value, _ context: Context) -> Value {
        let name = context.swiftString(name)
        switch name {
        case "searchParams": return context.host(SearchParameters(URLEncodedForm.pairs(address.search.dropFirst())))
        case "toString", "toJSON":
            let href = address.href
            return context.method(name) { c, _ in c.string(href) }
        default: return members.first { $0.0 == name }.map { context.string($0.1) } ?? .undefined
        }
    }

    func json(_ context: Context) -> Value { context.string(address.href) }
}

private final class SearchParameters: HostObject {
    private let pairs: [(name: String, value: String)]

    init(_ pairs: [(name: String, value: String)]) { self.pairs = pairs }

    func member(_ name: Value, _ context: Context) -> Value {
        let pairs = pairs
        switch context.swiftString(name) {
        case "get":
            return context.method("get", "<s:x>") { c, a in
                let name = c.swiftString(a[0])
                return pairs.first { $0.name == name }.map { c.string($0.value) } ?? .null
            }
        case "getAll":
            return context.method("getAll", "<s:x>") { c, a in
                let name = c.swiftString(a[0])
                return c.array(pairs.filter { $0.name == name }.map { c.string($0.value) })
            }
        case "has":
            return context.method("has", "<s:b>") { c, a in
                let name = c.swiftString(a[0])
                return Value(pairs.contains { $0.name == name })
            }
        case "toString":
            return context.method("toString") { c, _ in
                c.string(URLEncodedForm.text(pairs))
            }
        default: return .undefined
        }
    }

    func json(_ context: Context) -> Value { context.object(pairs.map { ($0.name, context.string($0.value)) }) }
}
