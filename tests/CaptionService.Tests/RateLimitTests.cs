using System.Net;

namespace CaptionService.Tests;

public sealed class RateLimitTests
{
    [Fact]
    public async Task BeyondTheBurst_RequestsAreRefusedAndToldWhenToComeAgain()
    {
        await using var server = new CaptionServer();
        server.Settings["RateLimit:Burst"] = "2";
        server.Settings["RateLimit:PerMinute"] = "1";
        HttpClient http = await server.StartAsync();

        HttpResponseMessage[] responses =
        [
            await http.PostAsync("/captions", CaptionServer.Form([1])), await http.PostAsync("/captions", CaptionServer.Form([1])),
            await http.PostAsync("/captions", CaptionServer.Form([1])),
        ];

        Assert.Equal(
            [HttpStatusCode.UnsupportedMediaType, HttpStatusCode.UnsupportedMediaType, HttpStatusCode.TooManyRequests],
            responses.Select(r => r.StatusCode));
        Assert.InRange(responses[2].Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Contains("Too many requests", await responses[2].Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/health")).StatusCode);
    }

    [Theory]
    [InlineData("RateLimit:Burst")]
    [InlineData("RateLimit:PerMinute")]
    public async Task LimitsThatLetNobodyIn_KeepTheServiceFromStarting(string name)
    {
        await using var server = new CaptionServer();
        server.Settings[name] = "0";

        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => server.CreateClient());

        Assert.Contains($"{name} is 0; expected 1 or more", error.Message, StringComparison.Ordinal);
    }
}
