import Foundation

struct NotInstalled: Error, CustomStringConvertible {
    let description: String
}

/// Says that a server is missing and its tests with it; an error under `script/test`, where nothing may be left out.
func notInstalled(_ server: String) throws {
    let note = "\(server) is not installed: nothing is tested on it. script/bootstrap installs it"
    guard ProcessInfo.processInfo.environment["ATTACHE_STRICT"] == nil else { throw NotInstalled(description: note) }
    FileHandle.standardError.write(Data("\(note)\n".utf8))
}
