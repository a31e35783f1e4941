using Microsoft.AspNetCore.Http;
using RlhfV.Extensions.AI;

namespace CaptionService.Tests;

public sealed class CaptionErrorsTests
{
    [Fact]
    public void StatusOf_TellsWhoseFaultItIs()
    {
        Assert.Equal(503, CaptionErrors.StatusOf(new RequestQueueFullException("full")));
        Assert.Equal(503, CaptionErrors.StatusOf(new ObjectDisposedException("client")));
        Assert.Equal(413, CaptionErrors.StatusOf(new ImageLimitException("large")));
        Assert.Equal(415, CaptionErrors.StatusOf(new ImageProportionsException("long")));
        Assert.Equal(415, CaptionErrors.StatusOf(new NotSupportedException("audio")));
        Assert.Equal(400, CaptionErrors.StatusOf(new ArgumentException("empty")));
        Assert.Equal(411, CaptionErrors.StatusOf(new BadHttpRequestException("length", 411)));
        Assert.Equal(500, CaptionErrors.StatusOf(new IOException("disk")));
    }
}
