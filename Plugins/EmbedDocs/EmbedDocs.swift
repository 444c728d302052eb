import Foundation
import PackagePlugin

/// Carries the guides of `docs/` inside the library: the gateway serves them.
@main
struct EmbedDocs: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let folder = context.package.directoryURL.appending(path: "docs")
        let output = context.pluginWorkDirectoryURL.appending(path: "EmbeddedGuides.swift")
        return [
            .buildCommand(
                displayName: "Embedding docs/",
                executable: try context.tool(named: "embed-catalog").url,
                arguments: [folder.path(), output.path(), "EmbeddedGuides", "md"],
                inputFiles: files(in: folder),
                outputFiles: [output]
            )
        ]
    }

    /// Every file is an input: the build notices an edit to any of them.
    private func files(in folder: URL) -> [URL] {
        let found = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: [.isRegularFileKey])
        var files: [URL] = []
        while let url = found?.nextObject() as? URL {
            if url.pathExtension == "md" { files.append(url) }
        }
        return files.sorted { $0.path() < $1.path() }
    }
}
