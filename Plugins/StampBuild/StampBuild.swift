import Foundation
import PackagePlugin

/// Writes down which commit a program is built from, for `attache --version`.
///
/// Done again when a commit is made or checked out. A copy of the sources without Git's folder has no commit to tell.
@main
struct StampBuild: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let folder = context.package.directoryURL
        let output = context.pluginWorkDirectoryURL.appending(path: "BuildStamp+Commit.swift")
        let log = folder.appending(path: ".git/logs/HEAD")
        // An empty text where Git is missing or knows no commit: the program then tells its version alone.
        let script = """
            commit=$(git -C "$1" log -1 --format='%h, %cs' 2>/dev/null) || commit=
            printf 'extension BuildStamp {\\n    static let commit = "%s"\\n}\\n' "$commit" >"$2"
            """
        return [
            .buildCommand(
                displayName: "Noting the commit",
                executable: URL(filePath: "/bin/sh"),
                arguments: ["-c", script, "sh", folder.path(), output.path()],
                inputFiles: FileManager.default.fileExists(atPath: log.path()) ? [log] : [],
                outputFiles: [output]
            )
        ]
    }
}
