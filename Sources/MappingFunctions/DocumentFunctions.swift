@_spi(Engine) import JSON
@_spi(Engine) import JSONata

extension Extensions {
    static let documents: [NativeFunction] = [
        .friendly("jsonToCsv", arity: 2) { arguments in
            guard let value = arguments[0] else { return nil }
            return .string(CSVWriter.write(value.array ?? [value], options: arguments[1]?.object))
        },
        NativeFunction("xmlToJs", nil, arity: 1) { c, a in
            guard a[0].isString else { return .undefined }
            var reader = XMLReader(c.swiftString(a[0]))
            return c.value(.object(try reader.document()))
        },
        .friendly("jsToXml", arity: 2) { arguments in
            guard let value = arguments[0]?.object else { return nil }
            return .string(XMLWriter.write(value, spaces: arguments[1]?["spaces"]?.int ?? 4))
        },
        NativeFunction("convertHtmlToMarkdown", "<s-:x>") { c, a in
            if a[0].isUndefined { return .undefined }
            return c.string(try HTMLToMarkdown.convert(c.swiftString(a[0])) { try c.work($0 * 8) })
        },
        NativeFunction("convertMarkdownToHtml", "<s-:x>") { c, a in
            if a[0].isUndefined { return .undefined }
            return c.string(try MarkdownToHTML.convert(c.swiftString(a[0])) { try c.work($0 * 8) })
        },
    ]
}
