using System.Diagnostics;

namespace RlhfV.Packages.Tests.Support;

/// <summary>Runs other programs to their end.</summary>
internal static class Tool
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(8);

    /// <summary>Runs the .NET command line.</summary>
    /// <param name="folder">The folder to run in.</param>
    /// <param name="arguments">Its arguments.</param>
    public static string DotNet(string folder, params string[] arguments) => DotNet(folder, [], arguments);

    /// <summary>Runs the .NET command line.</summary>
    /// <param name="folder">The folder to run in.</param>
    /// <param name="variables">Environment variables to add.</param>
    /// <param name="arguments">Its arguments.</param>
    public static string DotNet(string folder, Dictionary<string, string> variables, params string[] arguments) =>
        Run(folder, Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", variables, arguments);

    /// <summary>Runs a program.</summary>
    /// <param name="folder">The folder to run in.</param>
    /// <param name="program">The program.</param>
    /// <param name="variables">Environment variables to add.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>What it wrote to both outputs, standard output first.</returns>
    public static string Run(string folder, string program, Dictionary<string, string> variables, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = System.Text.Encoding.UTF8,
        };

        // Whoever runs the tests may be MSBuild itself, whose own variables would lead the inner one to the outer one's files.
        foreach (string name in start.Environment.Keys.Where(n => n.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(name);

        // No process shall outlive the test.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["UseSharedCompilation"] = "false";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        foreach ((string name, string value) in variables)
            start.Environment[name] = value;

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        bool ended = process.WaitForExit(Limit);
        if (!ended)
            process.Kill(entireProcessTree: true);
        string all = output.Result + errors.Result;
        string command = $"{program} {string.Join(' ', arguments)}";
        Assert.True(ended, $"'{command}' was stopped after {Limit}:\n{all}");
        Assert.True(process.ExitCode == 0, $"'{command}' ended with {process.ExitCode}:\n{all}");
        return all;
    }
}
