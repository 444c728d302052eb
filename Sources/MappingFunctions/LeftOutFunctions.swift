@_spi(Engine) import JSONata

/// Functions of other mapping runtimes that are left out on purpose: using one says so rather than "not a function".
extension Extensions {
    private static let reasons: [(name: String, reason: String)] = [
        ("convertMdToPdf", "making PDF files"), ("jsonToParquet", "writing Parquet files"),
        ("parseDocument", "reading documents"), ("recursiveCharacterTextSplitter", "splitting text for embeddings"),
        ("convertQueryToSql", "building SQL from text"),
    ]

    static let leftOut: [NativeFunction] = reasons.map { name, reason in
        NativeFunction(name, nil, arity: 1) { _, _ in
            throw JSONataError("D3146", "$\(name) is left out on purpose: \(reason) is not a mapping's work", token: name)
        }
    }
}
