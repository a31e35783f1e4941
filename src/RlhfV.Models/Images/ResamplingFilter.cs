namespace RlhfV.Models.Images;

/// <summary>The interpolation kernels that the models' processors use. The numbers are Pillow's, as they stand in <c>preprocessor_config.json</c>.</summary>
public enum ResamplingFilter
{
    /// <summary>sinc(x) sinc(x/3), support 3.</summary>
    Lanczos = 1,

    /// <summary>1 - |x|, support 1.</summary>
    Bilinear = 2,

    /// <summary>Cubic convolution with a = -0.5, support 2.</summary>
    Bicubic = 3,
}
