/// HTML read leniently into a tree, as much of it as a conversion to Markdown needs.
struct HTMLNode {
    /// In lower case; empty for text.
    var name = ""
    var text = ""
    var attributes: [String: String] = [:]
    var children: [HTMLNode] = []

    private static let empty: Set<String> = [
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
    ]
    private static let skipped: Set<String> = ["script", "style", "head", "title", "noscript", "template"]
    /// Elements inside more than this many others are taken for their siblings.
    private static let deepest = 60

    static func parse(_ html: String) -> HTMLNode {
        var stack = [HTMLNode()]
        func close() {
            let node = stack.removeLast()
            stack[stack.count - 1].children.append(node)
        }
        let bytes = Array(html.utf8)
        var at = 0
        func find(_ literal: String, from: Int) -> Int? {
            let wanted = Array(literal.utf8)
            guard bytes.count >= wanted.count, from <= bytes.count - wanted.count else { return nil }
            return (from...(bytes.count - wanted.count)).first { start in
                zip(wanted, bytes[start...]).allSatisfy { $0 == ($1 >= 0x41 && $1 <= 0x5A ? $1 | 0x20 : $1) }
            }
        }
        while at < bytes.count {
            guard bytes[at] == UInt8(ascii: "<"), at + 1 < bytes.count, isTagStart(bytes[at + 1]) else {
                let end = bytes[(at + 1)...].firstIndex(of: UInt8(ascii: "<")) ?? bytes.count
                let text = HTMLEntities.decode(String(decoding: bytes[at..<end], as: UTF8.self))
                stack[stack.count - 1].children.append(HTMLNode(text: text))
                at = end
                continue
            }
            if bytes[at...].starts(with: Array("<!--".utf8)) {
                at = find("-->", from: at + 4).map { $0 + 3 } ?? bytes.count
                continue
            }
            let (tag, next) = tag(bytes, at)
            at = next
            if tag.name.hasPrefix("!") || tag.name.hasPrefix("?") { continue }
            if tag.name.hasPrefix("/") {
                let name = String(tag.name.dropFirst())
                if let open = stack.lastIndex(where: { $0.name == name }), open > 0 {
                    while stack.count > open { close() }
                }
            } else if skipped.contains(tag.name) {
                at =
                    find("</" + tag.name, from: at).flatMap { start in bytes[start...].firstIndex(of: UInt8(ascii: ">")) }
                    .map { $0 + 1 } ?? bytes.count
            } else {
                // Paragraphs, items, rows and cells may leave out their end.
                if ["li", "p", "tr", "td", "th", "dt", "dd", "option"].contains(tag.name), stack.last?.name == tag.name, stack.count > 1 {
                    close()
                }
                if empty.contains(tag.name) || tag.attributes["/"] != nil || stack.count > deepest {
                    stack[stack.count - 1].children.append(tag)
                } else {
                    stack.append(tag)
                }
            }
        }
        while stack.count > 1 { close() }
        return stack[0]
    }

    private static func isTagStart(_ byte: UInt8) -> Bool {
        byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "!") || byte == UInt8(ascii: "?")
    }

    /// The tag at a `<`, and where it ends.
    private static func tag(_ bytes: [UInt8], _ start: Int) -> (HTMLNode, Int) {
        var at = start + 1
        var node = HTMLNode()
        func word(_ stops: String) -> String {
            let from = at
            while at < bytes.count, bytes[at] > 0x20, !stops.utf8.contains(bytes[at]) { at += 1 }
            return String(decoding: bytes[from..<at], as: UTF8.self)
        }
        let slash = at < bytes.count && bytes[at] == UInt8(ascii: "/")
        if slash { at += 1 }
        node.name = (slash ? "/" : "") + word("/>").lowercased()
        while at < bytes.count, bytes[at] != UInt8(ascii: ">") {
            if bytes[at] <= 0x20 {
                at += 1
            } else if bytes[at] == UInt8(ascii: "/") {
                at += 1
                if at < bytes.count, bytes[at] == UInt8(ascii: ">") { node.attributes["/"] = "" }
            } else {
                let key = word("=/>").lowercased()
                var value = ""
                while at < bytes.count, bytes[at] <= 0x20 { at += 1 }
                if at < bytes.count, bytes[at] == UInt8(ascii: "=") {
                    at += 1
                    while at < bytes.count, bytes[at] <= 0x20 { at += 1 }
                    if at < bytes.count, bytes[at] == UInt8(ascii: "\"") || bytes[at] == UInt8(ascii: "'") {
                        let end = bytes[(at + 1)...].firstIndex(of: bytes[at]) ?? bytes.count
                        value = String(decoding: bytes[(at + 1)..<end], as: UTF8.self)
                        at = min(end + 1, bytes.count)
                    } else {
                        value = word(">")
                    }
                }
                if key.isEmpty { at += 1 } else { node.attributes[key] = HTMLEntities.decode(value) }
            }
        }
        return (node, min(at + 1, bytes.count))
    }
}
