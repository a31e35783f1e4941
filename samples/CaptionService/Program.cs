using CaptionService;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.AddCaptioner();
builder.AddRateLimits();
builder.AddTelemetry();
builder.Services.AddProblemDetails(problems => problems.CustomizeProblemDetails = CaptionErrors.Explain).AddExceptionHandler<CaptionErrors>();

WebApplication app = builder.Build();
app.UseExceptionHandler();
app.UseStatusCodePages();
app.UseRateLimiter();
app.UseFileServer();
app.MapCaptions();
app.MapScenes();
app.MapHealth();
await app.RunAsync();
