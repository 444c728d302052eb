// embed-catalog FOLDER OUTPUT: writes a Swift file that holds the text of each definition below FOLDER.
// Run by the build-tool plugin of the same package; string literals compile fast and cost nothing at start.

import Foundation

guard CommandLine.arguments.count == 3 else {
    print("usage: embed-catalog FOLDER OUTPUT")
    exit(2)
}
let folder = URL(fileURLWithPath: CommandLine.arguments[1]).standardizedFileURL
let output = URL(fileURLWithPath: CommandLine.arguments[2])

func literal(_ text: String) -> String {
    var out = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\\": out += "\\\\"
        case "\"": out += "\\\""
        case "\n": out += "\\n"
        case "\r": out += "\\r"
        case "\t": out += "\\t"
        case _ where scalar.value < 0x20 || scalar.value == 0x7F: out += "\\u{\(String(scalar.value, radix: 16))}"
        default: out.unicodeScalars.append(scalar)
        }
    }
    return out + "\""
}

var entries: [(path: String, text: String)] = []
let found = FileManager.default.enumerator(atPath: folder.path)
while let path = found?.nextObject() as? String {
    guard ["yaml", "yml", "json"].contains((path as NSString).pathExtension) else { continue }
    entries.append((path, try String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)))
}
entries.sort { $0.path < $1.path }

var source = "// Generated from catalog/ by embed-catalog. Do not edit.\n\nenum EmbeddedFiles {\n"
source += "    static let all: [(path: String, text: String)] = [\n"
for entry in entries { source += "        (\(literal(entry.path)), \(literal(entry.text))),\n" }
source += "    ]\n}\n"
try source.write(to: output, atomically: true, encoding: .utf8)
