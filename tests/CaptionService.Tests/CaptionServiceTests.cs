using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;
using System.Text.RegularExpressions;
using RlhfV.Models;
using SceneWorld;

namespace CaptionService.Tests;

public sealed partial class CaptionServiceTests(CaptionServer server) : IClassFixture<CaptionServer>
{
    private const string Question = "Describe this image in detail.";

    [Fact]
    public async Task Page_IsWholeInItself()
    {
        HttpClient http = await server.StartAsync();

        string page = await http.GetStringAsync("/");

        Assert.Contains("<title>Caption service</title>", page, StringComparison.Ordinal);
        Assert.DoesNotMatch(Elsewhere, page);
    }

    [Fact]
    public async Task Caption_OfAPicture_IsWhatTheModelSays()
    {
        HttpClient http = await server.StartAsync();
        using var model = VisionLanguageModel.Load(SceneWorldData.ModelFolder);
        string expected = model.Generate(Prompt.Ask(Question, ImageSource.FromBytes(CaptionServer.Scene)), new() { MaxNewTokens = 128 }).Text;

        HttpResponseMessage response = await http.PostAsync("/captions", CaptionServer.Form(CaptionServer.Scene));

        JsonElement caption = await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(expected, caption.GetProperty("text").GetString());
        Assert.Equal("model", caption.GetProperty("model").GetString());
        Assert.Equal("stop", caption.GetProperty("finishReason").GetString());
        Assert.InRange(caption.GetProperty("confidence").GetDouble(), 0.01, 1);
        Assert.Equal(49, caption.GetProperty("imageTokens").GetInt32());
        Assert.Equal(caption.GetProperty("outputTokens").GetInt32(), caption.GetProperty("tokens").GetArrayLength());
    }

    [Fact]
    public async Task Stream_PiecesAddUpToTheCaption()
    {
        HttpClient http = await server.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/captions/stream")
        {
            Content = CaptionServer.Form(CaptionServer.Scene, Question),
        };

        using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal("text/event-stream", response.EnsureSuccessStatusCode().Content.Headers.ContentType?.MediaType);
        List<SseItem<string>> events = [];
        await foreach (SseItem<string> item in SseParser.Create(await response.Content.ReadAsStreamAsync()).EnumerateAsync())
            events.Add(item);
        Assert.All(events[..^1], item => Assert.Equal("text", item.EventType));
        Assert.Equal("caption", events[^1].EventType);
        Assert.True(events.Count > 5, $"{events.Count} events");
        string text = string.Concat(events[..^1].Select(item => Json(item.Data).GetProperty("text").GetString()));
        Assert.Equal(Json(events[^1].Data).GetProperty("text").GetString(), text);
        Assert.NotEmpty(text);
    }

    [Fact]
    public async Task Health_WhenTheModelAnswers_IsHealthyWithFigures()
    {
        HttpClient http = await server.StartAsync();

        JsonElement health = await http.GetFromJsonAsync<JsonElement>("/health");

        Assert.Equal("Healthy", health.GetProperty("status").GetString());
        JsonElement data = health.GetProperty("checks").GetProperty("RlhfV").GetProperty("data");
        Assert.Equal("Ready", data.GetProperty("model").GetString());
    }

    [Fact]
    public async Task Scene_IsAPictureTheModelCanDescribe()
    {
        HttpClient http = await server.StartAsync();

        Assert.Equal(CaptionServer.Scene, await http.GetByteArrayAsync("/scenes/7.png"));
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/scenes/cat.png")).StatusCode);
    }

    [Theory]
    [InlineData("/captions")]
    [InlineData("/captions/stream")]
    public async Task BadPictures_AreToldByStatusAndDetail(string path)
    {
        HttpClient http = await server.StartAsync();

        await Refused(http.PostAsync(path, CaptionServer.Form([1, 2, 3])), HttpStatusCode.UnsupportedMediaType, "begins with the bytes 010203");
        await Refused(http.PostAsync(path, CaptionServer.Form(new byte[10_485_761])), HttpStatusCode.RequestEntityTooLarge, "MaxImageBytes");
        using var none = new MultipartFormDataContent { { new StringContent("What?"), "question" } };
        await Refused(http.PostAsync(path, none), HttpStatusCode.BadRequest, "no picture");
        string endless = string.Join(' ', Enumerable.Repeat("cat", 600));
        await Refused(http.PostAsync(path, CaptionServer.Form(CaptionServer.Scene, endless)), HttpStatusCode.RequestEntityTooLarge, "has room for");
    }

    // What the web server refuses before any code of the service runs.
    [Theory]
    [InlineData("/captions")]
    [InlineData("/captions/stream")]
    public async Task RequestsThatAreNoForm_AreToldAsProblemDetailsToo(string path)
    {
        HttpClient http = await server.StartAsync();

        await Refused(http.PostAsJsonAsync(path, new { image = "scene.png" }), HttpStatusCode.UnsupportedMediaType, "multipart/form-data");
        await Refused(http.PostAsync(path, null), HttpStatusCode.BadRequest, "multipart/form-data");
    }

    [Fact]
    public async Task Details_SpeakOfTheRequest_NotOfTheCode()
    {
        HttpClient http = await server.StartAsync();

        using HttpResponseMessage response = await http.PostAsync("/captions", CaptionServer.Form(new byte[10_485_761]));

        Assert.DoesNotContain("Parameter", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [GeneratedRegex("""(src|href)\s*=\s*"(?!data:)|https?://|@import|url\(""")]
    private static partial Regex Elsewhere { get; }

    private static JsonElement Json(string text) => JsonSerializer.Deserialize<JsonElement>(text);

    private static async Task Refused(Task<HttpResponseMessage> call, HttpStatusCode status, string said)
    {
        using HttpResponseMessage response = await call;
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains(said, (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }
}
