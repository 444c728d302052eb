/// Names of the form field that holds the file.
package enum FileFieldName {
    /// `file`, and what libraries make of it where they think of several: `file[]`, `file[0]`, `files[]`, `files[0]`.
    package static func isFile(_ name: String) -> Bool {
        if name == "file" { return true }
        guard name.utf8.last == UInt8(ascii: "]") else { return false }
        let stem = name.hasPrefix("files[") ? name.dropFirst(6) : name.hasPrefix("file[") ? name.dropFirst(5) : nil
        guard let index = stem?.dropLast() else { return false }
        return index.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
