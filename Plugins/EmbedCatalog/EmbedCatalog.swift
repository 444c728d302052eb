import Foundation
import PackagePlugin

/// Carries the folder `catalog/` inside the library, so that the one binary needs no files beside it.
@main
struct EmbedCatalog: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let folder = context.package.directoryURL.appending(path: "catalog")
        let output = context.pluginWorkDirectoryURL.appending(path: "EmbeddedFiles.swift")
        return [
            .buildCommand(
                displayName: "Embedding catalog/",
                executable: try context.tool(named: "embed-catalog").url,
                arguments: [folder.path(), output.path()],
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
            if ["yaml", "yml", "json"].contains(url.pathExtension) { files.append(url) }
        }
        return files.sorted { $0.path() < $1.path() }
    }
}
