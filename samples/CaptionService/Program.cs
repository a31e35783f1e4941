using CaptionService;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.AddCaptioner();
builder.AddRateLimits();
builder.AddTelemetry();
builder.Services.AddProblemDetails().AddExceptionHandler<CaptionErrors>();

WebApplication app = builder.Build();
app.UseExceptionHandler();
app.UseRateLimiter();
app.UseFileServer();
app.MapCaptions();
app.MapScenes();
app.MapHealth();
await app.RunAsync();
