"""Questions of twelve needs that the knowledge does not cover, as different people would ask for each."""

NEEDS = (
    (
        "permiso para volar drones",
        "licencia de dron",
        "se puede volar dron en el centro",
        "necesito permiso para usar un dron en bodas",
        "autorización para sacar fotos con dron",
    ),
    (
        "vender miel de abejas",
        "registro para vender miel",
        "tengo colmenas y quiero vender la miel",
        "cómo etiqueto la miel que produzco",
        "permiso sanitario miel artesanal",
    ),
    (
        "permiso para carrito de comida",
        "quiero poner un food truck",
        "carrito de hamburguesas en la calle qué piden",
        "vender hamburguesas en un carrito",
        "habilitación municipal food truck",
    ),
    (
        "alquilar mi casa por airbnb",
        "tengo un departamento para alquiler temporario airbnb",
        "impuestos de airbnb",
        "qué papeles para poner mi casa en airbnb",
    ),
    (
        "criptomonedas en mi negocio",
        "puedo cobrar con bitcoin",
        "aceptar bitcoin en la tienda",
        "pagos en cripto",
    ),
    (
        "transporte escolar requisitos",
        "quiero hacer transporte escolar con mi van",
        "mi furgoneta para llevar niños al colegio",
        "licencia transporte de escolares",
    ),
    (
        "guardería infantil en mi casa",
        "abrir una guardería",
        "quiero cuidar niños en mi casa como negocio",
        "requisitos jardín maternal",
    ),
    (
        "peluquería canina permiso",
        "abrir una veterinaria",
        "bañar perros a domicilio negocio",
        "local de mascotas peluquería",
    ),
    (
        "energía solar para mi taller",
        "poner paneles solares en el local",
        "subsidio paneles solares",
        "instalar paneles para bajar la luz",
    ),
    (
        "asociarme con otros productores de café",
        "vender mi café tostado",
        "marca de café propio",
        "tostar y vender café",
    ),
    (
        "local en un centro comercial alquiler",
        "contrato de alquiler de local",
        "me subieron el alquiler del local",
        "renta del local muy cara",
    ),
    (
        "delivery con motos",
        "contratar repartidores en moto",
        "seguro para motos de reparto",
        "repartidores de mi restaurante",
    ),
)
