using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace CaptionService.Tests;

/// <summary>The service as a process of its own, on a port of its own: start, health, a caption, a streamed one, stop.</summary>
public sealed partial class ServiceProcessTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Service_StartsCaptionsAndStops()
    {
        using var patience = new CancellationTokenSource(Patience);
        using Process service = Start();
        try
        {
            using var http = new HttpClient { BaseAddress = new Uri(await AddressOf(service, patience.Token)) };
            while (!(await http.GetStringAsync("/health", patience.Token)).Contains("\"Healthy\"", StringComparison.Ordinal))
                await Task.Delay(50, patience.Token);

            byte[] scene = await http.GetByteArrayAsync("/scenes/7.png", patience.Token);
            HttpResponseMessage whole = await http.PostAsync("/captions", CaptionServer.Form(scene), patience.Token);
            string text = (await whole.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(patience.Token)).GetProperty("text").GetString()!;
            HttpResponseMessage streamed = await http.PostAsync("/captions/stream", CaptionServer.Form(scene), patience.Token);
            string events = await streamed.EnsureSuccessStatusCode().Content.ReadAsStringAsync(patience.Token);

            (HttpStatusCode status, string refusal) = await TooLargeAsync(http, patience.Token);

            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);
            Assert.Contains("more than 10551296 bytes", refusal, StringComparison.Ordinal);
            Assert.StartsWith("The", text, StringComparison.Ordinal);
            Assert.Contains("event: text", events, StringComparison.Ordinal);
            Assert.Contains(text, events, StringComparison.Ordinal);
            if (!OperatingSystem.IsWindows())
                await StopAsync(service, patience.Token);
        }
        finally
        {
            if (!service.HasExited)
                service.Kill(entireProcessTree: true);
        }
    }

    [GeneratedRegex("Now listening on: (?<address>http://[^ ]+)")]
    private static partial Regex Listening { get; }

    // Asks before it sends: the server does not read so much, and closes the connection on whoever sends all the same.
    private static async Task<(HttpStatusCode Status, string Body)> TooLargeAsync(HttpClient http, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/captions/stream") { Content = CaptionServer.Form(new byte[12_000_000]) };
        request.Headers.ExpectContinue = true;
        using HttpResponseMessage response = await http.SendAsync(request, cancellation);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(cancellation));
    }

    private static Process Start()
    {
        string program = Path.Combine(AppContext.BaseDirectory, "CaptionService.dll");
        var start = new ProcessStartInfo("dotnet", [program, "--Urls", "http://127.0.0.1:0", "--contentRoot", RepositoryFolder.Path("samples", "CaptionService"), "--Telemetry:Console", "false"])
        {
            RedirectStandardOutput = true,
        };
        start.Environment["Logging__LogLevel__Microsoft.Hosting.Lifetime"] = "Information";
        return Process.Start(start)!;
    }

    private static async Task<string> AddressOf(Process service, CancellationToken cancellation)
    {
        while (await service.StandardOutput.ReadLineAsync(cancellation) is { } line)
        {
            if (Listening.Match(line) is { Success: true } found)
            {
                // Nobody reads on; a full pipe would stop the service.
                _ = service.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
                return found.Groups["address"].Value;
            }
        }

        throw new InvalidOperationException("The service ended before it listened.");
    }

    // What a process manager sends.
    private static async Task StopAsync(Process service, CancellationToken cancellation)
    {
        using Process kill = Process.Start("kill", ["-TERM", $"{service.Id}"]);
        await service.WaitForExitAsync(cancellation);
        Assert.Equal(0, service.ExitCode);
    }
}
