using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using RlhfV.Extensions.AI;
using RlhfV.Models.Images;

namespace CaptionService;

/// <summary>Tells callers what was wrong with their request, by status and as problem details.</summary>
/// <param name="problems">Writes problem details.</param>
internal sealed class CaptionErrors(IProblemDetailsService problems) : IExceptionHandler
{
    /// <summary>The status of an error.</summary>
    public static int StatusOf(Exception error) => error switch
    {
        BadHttpRequestException request => request.StatusCode,
        ImageLimitException or ConversationTooLongException => StatusCodes.Status413PayloadTooLarge,
        ImageFormatException or ImageProportionsException or NotSupportedException => StatusCodes.Status415UnsupportedMediaType,
        ArgumentException => StatusCodes.Status400BadRequest,
        RequestQueueFullException or ObjectDisposedException => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };

    /// <summary>Says what was expected where the web server refused a request before this service saw it.</summary>
    public static void Explain(ProblemDetailsContext context) => context.ProblemDetails.Detail ??= context.ProblemDetails.Status switch
    {
        StatusCodes.Status413PayloadTooLarge =>
            $"The request has more than {context.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize} bytes; send a smaller picture.",
        StatusCodes.Status400BadRequest or StatusCodes.Status415UnsupportedMediaType =>
            "Expected a form (multipart/form-data) with a file in its field 'image'.",
        _ => null,
    };

    public ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        int status = StatusOf(exception);
        httpContext.Response.StatusCode = status;
        if (status == StatusCodes.Status503ServiceUnavailable)
            httpContext.Response.Headers.RetryAfter = "5";

        // What went wrong inside is for the log alone.
        string detail = status == StatusCodes.Status500InternalServerError ? "The answer could not be computed." : Message(exception);
        return problems.TryWriteAsync(new ProblemDetailsContext
        {
            HttpContext = httpContext,
            Exception = exception,
            ProblemDetails = new ProblemDetails { Status = status, Detail = detail },
        });
    }

    // Callers know nothing of parameters.
    private static string Message(Exception exception) => exception is ArgumentException { ParamName: { } name }
        ? exception.Message.Replace($" (Parameter '{name}')", string.Empty, StringComparison.Ordinal)
        : exception.Message;
}
